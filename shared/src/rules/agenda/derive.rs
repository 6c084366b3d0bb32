//! Work that follows from what a card says: in the store now, thank-you, birthday, cadence, not seen
//! for long.

use jiff::Span;

use super::{Cause, Group, PUT_OFF_MAX_DAYS, Rule, Why, WorkItem, promise, service};
use crate::access::{Cadence, StoreSettings};
use crate::id::DocumentId;
use crate::record::consent::ConsentTopic;
use crate::record::contact::Channel;
use crate::record::customer::Class;
use crate::rules::dealings::Weight;
use crate::time::{Date, days_between};
use crate::view::row::CustomerRow;

/// The derived work of a card. Of who was given up (class D), and of who does not want to be
/// contacted in any way that is known, only receptions and open issues are in it. Nobody calls who is
/// in the store: what there is to be said is said there, and what asks for a mere contact waits.
pub(super) fn derived(
    document: DocumentId,
    row: &CustomerRow,
    today: Date,
    settings: &StoreSettings,
) -> impl Iterator<Item = WorkItem> {
    let cadence = &settings.cadence;
    let reception = in_store(row, today);
    let is_here = reception.is_some();
    let mut found: Vec<Found> = reception.into_iter().collect();
    found.extend(service::issues(row, today, cadence));
    if row.class != Some(Class::D) && !wants_no_contact(row) {
        let mut others = family_birthdays(row, today, cadence);
        others.extend(
            [
                thank_you(row, today, cadence).filter(|_| !is_here),
                birthday(row, today, cadence),
                service::after_purchase(row, today, cadence),
                service::upkeep(row, today, cadence),
                service::expected(row, today, cadence),
                contact(row, today, settings).filter(|_| !is_here),
            ]
            .into_iter()
            .flatten(),
        );
        found.extend(others);
    }
    let how = if is_here {
        Channel::StoreVisit
    } else {
        channel(row)
    };
    found.into_iter().map(move |found| WorkItem {
        document,
        cause: found.cause,
        group: found.group,
        why: found.why,
        due: found.due,
        days_late: days_between(found.due, today),
        how: found.how.unwrap_or(how),
        promise: promise(row, None),
    })
}

/// Work that a rule found.
pub(super) struct Found {
    /// What it comes from.
    pub cause: Cause,
    /// Its group.
    pub group: Group,
    /// Why it is in the list.
    pub why: Why,
    /// The day on which it was due.
    pub due: Date,
    /// How, unless any way will do.
    pub how: Option<Channel>,
}

/// The day `count` days later; the end of the calendar beyond it.
pub(in crate::rules) fn after(day: Date, count: u32) -> Date {
    let count = i64::from(count);
    day.checked_add(Span::new().days(count))
        .unwrap_or(Date::MAX)
}

/// Until when a rule's work was put off, if that lies within reason.
pub(super) fn put_off(row: &CustomerRow, rule: Rule, today: Date) -> Option<Date> {
    let until = row.put_off.get(&rule).copied()?;
    (days_between(today, until) <= PUT_OFF_MAX_DAYS).then_some(until)
}

/// The day from which work of a rule is in the list, and whether today is such a day: from `due`,
/// or from when it was put off to, for `stays` days.
pub(super) fn is_listed(row: &CustomerRow, rule: Rule, due: Date, stays: u32, today: Date) -> bool {
    let from = put_off(row, rule, today).map_or(due, |until| until.max(due));
    from <= today && today <= after(from, stays)
}

/// Whether somebody got in touch from a day on. What a wrong clock dated into the future is no
/// contact yet.
pub(super) fn is_in_touch_since(row: &CustomerRow, day: Date, today: Date) -> bool {
    let mut contacts = row.recent_contacts.iter();
    contacts.any(|contact| contact.date >= day && contact.date <= today)
}

/// The ways to reach somebody that the card knows, a call first.
fn ways(row: &CustomerRow) -> impl Iterator<Item = Channel> {
    let ways = [
        (!row.phones.is_empty(), Channel::Call),
        (!row.wechat.is_empty(), Channel::Wechat),
        (!row.phones.is_empty(), Channel::Message),
        (!row.email.is_empty(), Channel::Mail),
    ];
    ways.into_iter().filter(|(is, _)| *is).map(|(_, way)| way)
}

/// Whether the customer does not want to be contacted in a way.
fn is_refused(row: &CustomerRow, way: Channel) -> bool {
    ConsentTopic::of_channel(way).is_some_and(|topic| row.refused.contains(&topic))
}

/// Whether there are ways to reach somebody, and they want none of them.
fn wants_no_contact(row: &CustomerRow) -> bool {
    let mut ways = ways(row).peekable();
    ways.peek().is_some() && ways.all(|way| is_refused(row, way))
}

/// How derived work is done: by what the card knows and the customer did not refuse.
fn channel(row: &CustomerRow) -> Channel {
    let mut agreed = ways(row).filter(|way| !is_refused(row, *way));
    agreed.next().unwrap_or(Channel::Other)
}

/// How somebody is written to.
fn writing(row: &CustomerRow) -> Channel {
    let mut agreed = ways(row).filter(|way| !is_refused(row, *way));
    agreed
        .find(|way| *way != Channel::Call)
        .unwrap_or_else(|| channel(row))
}

const fn is_remote(channel: Channel) -> bool {
    match channel {
        Channel::Call | Channel::Wechat | Channel::Message | Channel::Mail | Channel::Other => true,
        Channel::StoreVisit | Channel::HomeVisit => false,
    }
}

/// Whether somebody got in touch after the first visit: the visit itself, logged as a contact, is no
/// thanks.
fn is_thanked(row: &CustomerRow) -> bool {
    row.first_visit.is_none_or(|visit| {
        let mut contacts = row.recent_contacts.iter();
        contacts.any(|contact| is_remote(contact.channel) && contact.date >= visit)
    })
}

fn is_to_be_thanked(row: &CustomerRow, today: Date, cadence: &Cadence) -> bool {
    let stays = cadence.thank_you_days;
    let is_due = |visit| is_listed(row, Rule::ThankYou, visit, stays, today);
    row.first_visit.is_some_and(is_due) && !is_thanked(row)
}

/// While the customer is in the store.
fn in_store(row: &CustomerRow, today: Date) -> Option<Found> {
    let reception = row.reception.filter(|reception| reception.is_on(today))?;
    Some(Found {
        cause: Cause::InStore(reception.day),
        group: Group::InStore,
        why: Why::InStore {
            since: reception.since,
        },
        due: reception.day,
        how: None,
    })
}

/// On the day of the first visit, until somebody got in touch after it.
fn thank_you(row: &CustomerRow, today: Date, cadence: &Cadence) -> Option<Found> {
    let visit = row.first_visit?;
    is_to_be_thanked(row, today, cadence).then(|| Found {
        cause: Cause::FirstVisit(visit),
        group: Group::InStore,
        why: Why::FirstVisit,
        due: visit,
        how: Some(writing(row)),
    })
}

/// From the birthday on, until somebody got in touch.
fn birthday(row: &CustomerRow, today: Date, cadence: &Cadence) -> Option<Found> {
    let birthday = row.birthday?;
    let kept = birthday.latest(today)?;
    let mut contacts = row.recent_contacts.iter();
    let is_greeted = contacts.any(|contact| contact.date >= kept.date && contact.date <= today);
    let stays = cadence.birthday_days;
    // A mark from an earlier year puts nothing off.
    let is_due = is_listed(row, Rule::Birthday, kept.date, stays, today);
    (is_due && !is_greeted).then_some(Found {
        cause: Cause::Birthday(kept.date),
        group: Group::Prospecting,
        why: Why::Birthday(birthday.calendar, kept.rule),
        due: kept.date,
        how: None,
    })
}

/// From a birthday in the family on, until somebody got in touch.
fn family_birthdays(row: &CustomerRow, today: Date, cadence: &Cadence) -> Vec<Found> {
    let family = row.causes.family.iter();
    let found = family.filter_map(|member| {
        let kept = member.birthday.latest(today)?;
        let stays = cadence.birthday_days;
        let is_due = is_listed(row, Rule::FamilyBirthday, kept.date, stays, today);
        (is_due && !is_in_touch_since(row, kept.date, today)).then(|| Found {
            cause: Cause::FamilyBirthday(member.member, kept.date),
            group: Group::Prospecting,
            why: Why::FamilyBirthday {
                name: member.name.clone(),
                calendar: member.birthday.calendar,
                rule: kept.rule,
            },
            due: kept.date,
            how: None,
        })
    });
    found.collect()
}

/// The cadence of the class; who was without any contact for long counts as not seen for long.
/// A step that lies nearer than the next contact would keeps it out.
fn contact(row: &CustomerRow, today: Date, settings: &StoreSettings) -> Option<Found> {
    let cadence = &settings.cadence;
    // The thanks that are still owed are this contact.
    let thanks_wait = put_off(row, Rule::ThankYou, today).is_some_and(|until| until > today);
    if is_to_be_thanked(row, today, cadence) || (thanks_wait && !is_thanked(row)) {
        return None;
    }
    // A contact that a wrong clock dated into the future is one of today.
    let since = row.last_contact.or(row.first_visit).or(row.opened_on)?;
    let since = since.min(today);
    let idle = days_between(since, today);
    let next_step = row.open_steps.first().map(|step| step.due);
    // A main customer who is quiet is missed earlier.
    let is_main = row.dealings.weight(&settings.dealings) == Weight::Main;
    let quiet_days = if is_main {
        cadence.quiet_days.min(cadence.main_quiet_days)
    } else {
        cadence.quiet_days
    };
    let is_quiet = u32::try_from(idle).is_ok_and(|idle| idle >= quiet_days);
    let between = match row.class {
        // Any step will do: class A is called on the agreed day.
        Some(Class::A) if next_step.is_some() => return None,
        Some(Class::A) => cadence.a_days,
        Some(Class::B) => cadence.b_days,
        Some(Class::C) => cadence.c_days,
        Some(Class::D) => return None,
        None if is_quiet && next_step.is_none() => quiet_days,
        None => return None,
    };
    if next_step.is_some_and(|due| due <= after(today, between)) {
        return None;
    }
    let due = after(since, between);
    if due > today || put_off(row, Rule::Contact, today).is_some_and(|until| until > today) {
        return None;
    }
    let (group, why) = match row.class {
        Some(class @ (Class::A | Class::B | Class::C)) if !is_quiet => {
            let group = if class == Class::A {
                Group::FollowUpsA
            } else {
                Group::Contacts
            };
            (group, Why::Cadence(class, idle))
        }
        Some(Class::A) => (Group::FollowUpsA, Why::Cadence(Class::A, idle)),
        Some(Class::B | Class::C | Class::D) | None => (
            Group::Prospecting,
            Why::Quiet {
                days: idle,
                is_main,
            },
        ),
    };
    Some(Found {
        cause: Cause::Since(since),
        group,
        why,
        due,
        how: None,
    })
}
