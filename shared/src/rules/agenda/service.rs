//! Work after the sale: how the furniture is, issues and promises, warranties, what comes next.

use super::causes::{OpenIssue, Upkeep, UpkeepKind};
use super::derive::{Found, after, is_in_touch_since, is_listed, put_off};
use super::{Cause, Group, Rule, Why};
use crate::access::Cadence;
use crate::record::customer::Class;
use crate::record::entry::IssueState;
use crate::time::Date;
use crate::view::row::CustomerRow;

fn group(row: &CustomerRow) -> Group {
    if row.class == Some(Class::A) {
        Group::FollowUpsA
    } else {
        Group::Contacts
    }
}

/// On days 1, 3 and 7 after a purchase or delivery, until somebody got in touch from that day on. Of
/// several days the latest counts, and of several purchases the latest: one call asks for all.
pub(super) fn after_purchase(row: &CustomerRow, today: Date, cadence: &Cadence) -> Option<Found> {
    let stays = cadence.after_purchase_stays_days;
    let found = row.causes.deliveries.iter().find_map(|delivery| {
        let days = cadence.after_purchase_days.iter().rev();
        let due = days.map(|days| (*days, after(delivery.day, *days)));
        let mut due = due.filter(|(_, due)| *due <= today);
        due.next().map(|(days, due)| (delivery, days, due))
    });
    let (delivery, days, due) = found?;
    let is_due = is_listed(row, Rule::AfterPurchase, due, stays, today);
    (is_due && !is_in_touch_since(row, due, today)).then(|| Found {
        cause: Cause::AfterPurchase(delivery.purchase, days),
        group: group(row),
        why: Why::AfterPurchase {
            product: delivery.product.clone(),
            days,
        },
        due,
        how: None,
    })
}

/// Issues of which something is due: no promise yet, a promised day that has come, an answer to be
/// asked for. They stay until they are closed.
pub(super) fn issues(
    row: &CustomerRow,
    today: Date,
    cadence: &Cadence,
) -> impl Iterator<Item = Found> {
    let is_put_off = put_off(row, Rule::Issue, today).is_some_and(|until| until > today);
    let issues = row.causes.issues.iter().filter(move |_| !is_put_off);
    issues.filter_map(move |issue| {
        let due = issue_due(issue, today, cadence);
        (due <= today).then(|| Found {
            cause: Cause::Issue(issue.issue),
            group: group(row),
            why: Why::Issue {
                what: issue.what.clone(),
                state: issue.state,
            },
            due,
            how: None,
        })
    })
}

fn issue_due(issue: &OpenIssue, today: Date, cadence: &Cadence) -> Date {
    let since = issue.since.unwrap_or(today);
    match issue.state {
        IssueState::Solved => after(since, cadence.satisfaction_days),
        IssueState::Promised => since,
        // What a wrong clock opened in the future waits since today.
        IssueState::Open | IssueState::Dissatisfied | IssueState::Closed => since.min(today),
    }
}

/// Before a warranty ends, and from when on something is likely to be replaced.
pub(super) fn upkeep(row: &CustomerRow, today: Date, cadence: &Cadence) -> Option<Found> {
    let window = |upkeep: &Upkeep| match upkeep.kind {
        UpkeepKind::Warranty => (before(upkeep.day, cadence.ahead_days), cadence.ahead_days),
        UpkeepKind::Replacement => (upkeep.day, cadence.ahead_days),
    };
    let due = row.causes.upkeep.iter().filter(|upkeep| {
        let (from, stays) = window(upkeep);
        is_listed(row, Rule::Upkeep, from, stays, today) && !is_in_touch_since(row, from, today)
    });
    let upkeep = due.min_by_key(|upkeep| (upkeep.day, upkeep.purchase, upkeep.kind))?;
    let product = upkeep.product.clone();
    Some(Found {
        cause: Cause::Upkeep(upkeep.purchase, upkeep.kind),
        group: Group::Prospecting,
        why: match upkeep.kind {
            UpkeepKind::Warranty => Why::Warranty {
                product,
                until: upkeep.day,
            },
            UpkeepKind::Replacement => Why::Replacement { product },
        },
        due: window(upkeep).0,
        how: None,
    })
}

/// Before a purchase that is expected, unless something is planned.
pub(super) fn expected(row: &CustomerRow, today: Date, cadence: &Cadence) -> Option<Found> {
    let day = row.expected?;
    let from = before(day, cadence.ahead_days);
    let is_due = is_listed(row, Rule::Expected, from, cadence.ahead_days, today);
    let is_free = row.open_steps.is_empty() && !is_in_touch_since(row, from, today);
    (is_due && is_free).then_some(Found {
        cause: Cause::Expected(day),
        group: group(row),
        why: Why::Expected { day },
        due: from,
        how: None,
    })
}

/// The day `count` days earlier; the beginning of the calendar before it.
fn before(day: Date, count: u32) -> Date {
    let count = jiff::Span::new().days(i64::from(count));
    day.checked_sub(count).unwrap_or(Date::MIN)
}
