//! Planning against an empty store, against its own result, and against what staff did.

use proptest::prelude::*;

use super::*;
use crate::access::{Feed, FeedKind, Person, Post, Role, Store, StoreSettings};
use crate::document::command::Edit;
use crate::id::{FeedId, StoreId};
use crate::import::existing::TakenOff;
use crate::import::parse::read_customers;
use crate::import::sample::{EXTRACT, gbk_copy, sample};
use crate::record::contact::NextStep;
use crate::record::customer::CustomerPhone;
use crate::rules;

/// The server's side in small: applies plans and knows what they made.
struct World {
    scope: Scope,
    cards: BTreeMap<ImportIdentity, ExistingCard>,
    allowed: Vec<Creation>,
    may_create: bool,
}

impl World {
    fn new() -> Self {
        let store = StoreId::from_bytes([1; 16]);
        let boss = PersonId::from_bytes([1; 16]);
        Self {
            scope: Scope {
                version: 1,
                stores: vec![Store {
                    id: store,
                    code: "HZ1".into(),
                    name: "木禾家居 杭州滨江店".into(),
                    time_zone: "Asia/Shanghai".into(),
                    settings: StoreSettings::default(),
                }],
                people: vec![Person {
                    id: boss,
                    name: "钟欣薇".into(),
                    posts: vec![
                        Post::new(store, Role::Admin),
                        Post::new(store, Role::Manager),
                        Post::new(store, Role::Consultant),
                    ],
                    is_active: true,
                }],
                tablets: BTreeMap::new(),
                feeds: vec![Feed::of_owner(store, FeedKind::Cards, boss)],
                grants: Vec::new(),
            },
            cards: BTreeMap::new(),
            allowed: Vec::new(),
            may_create: true,
        }
    }

    fn plan(&self, bytes: &[u8]) -> ImportPlan {
        let context = PlanContext {
            scope: &self.scope,
            allowed: &self.allowed,
            existing: &self.cards,
            fallback_owner: PersonId::from_bytes([1; 16]),
            may_create: self.may_create,
            now: Timestamp::from_millis(1_795_000_000_000),
            today: Date::constant(2026, 11, 22),
        };
        plan(&read_customers(bytes).unwrap(), &context)
    }

    /// Plans, allows everything that is missing, and applies.
    fn import(&mut self, bytes: &[u8]) -> ImportReport {
        self.allowed.extend(self.plan(bytes).report.missing);
        let plan = self.plan(bytes);
        for code in &plan.stores {
            let id = StoreId::from_bytes(hash(code));
            self.scope.stores.push(Store {
                id,
                code: code.clone(),
                name: code.clone(),
                time_zone: "Asia/Shanghai".into(),
                settings: StoreSettings::default(),
            });
        }
        for owner in &plan.consultants {
            let id = PersonId::from_bytes(hash(&owner.consultant));
            if self.scope.person(id).is_none() {
                self.scope.people.push(Person {
                    id,
                    name: owner.consultant.clone(),
                    posts: Vec::new(),
                    is_active: true,
                });
            }
        }
        for item in &plan.items {
            self.apply(item);
        }
        plan.report
    }

    fn feed(&mut self, owner: &FeedOwner) -> FeedId {
        let store = self
            .scope
            .stores
            .iter()
            .find(|s| s.code == owner.store_code)
            .unwrap()
            .id;
        let person = self
            .scope
            .people
            .iter()
            .find(|p| p.name == owner.consultant)
            .unwrap()
            .id;
        if let Some(feed) = self.scope.cards_feed(store, person) {
            return feed.id;
        }
        let id = FeedId::from_bytes(hash(&format!("{store}{person}")));
        self.scope.feeds.push(Feed {
            id,
            store,
            kind: FeedKind::Cards,
            owner: Some(person),
        });
        id
    }

    fn apply(&mut self, item: &PlannedCard) {
        if let Some(command) = &item.command {
            let existing = self.cards.get(&item.identity);
            let customer = existing
                .map(|card| card.customer.clone())
                .unwrap_or_default();
            rules::check(command, &customer, existing.is_none()).unwrap();
        }
        match item.command.clone() {
            None => assert!(item.document.is_some()),
            Some(Command::OpenCard(card)) => {
                assert_eq!(item.document, None);
                let feed = self.feed(item.owner.as_ref().unwrap());
                let customer = Customer {
                    fields: card.fields,
                    phones: card.phones.into_iter().map(on_card).collect(),
                    remarks: card.remarks,
                    facts: card.facts,
                    next_steps: card
                        .next_step
                        .into_iter()
                        .map(|(id, decision)| NextStep {
                            id,
                            decision,
                            at: Timestamp::default(),
                            after: None,
                            ending: None,
                        })
                        .collect(),
                    ..Customer::default()
                };
                let existing = ExistingCard {
                    document: DocumentId::from_bytes(hash(&item.identity.0)),
                    customer,
                    feed,
                    taken_off: TakenOff::default(),
                };
                let before = self.cards.insert(item.identity.clone(), existing);
                assert!(before.is_none(), "{}", item.identity);
            }
            Some(Command::EditCard { edits }) => {
                let card = self.cards.get_mut(&item.identity).unwrap();
                assert_eq!(item.document, Some(card.document));
                for edit in edits {
                    apply_edit(&mut card.customer, edit);
                }
            }
            Some(other) => panic!("an import never does {other:?}"),
        }
    }

    fn card(&mut self, name: &str) -> &mut ExistingCard {
        let mut cards = self.cards.values_mut();
        cards
            .find(|card| card.customer.field(CustomerField::Name) == name)
            .unwrap()
    }
}

fn hash(text: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..16]);
    bytes
}

fn on_card(phone: NewPhone) -> CustomerPhone {
    CustomerPhone {
        id: phone.id,
        number: phone.number,
        label: phone.label,
    }
}

fn apply_edit(customer: &mut Customer, edit: Edit) {
    match edit {
        Edit::SetField { field, value } => {
            customer.fields.insert(field, value);
        }
        Edit::SetRemarks { text } => customer.remarks = text,
        Edit::AddPhone(phone) => customer.phones.push(on_card(phone)),
        Edit::SetFact { name, fact } => {
            customer.facts.insert(name, fact);
        }
        Edit::SetPhone { .. }
        | Edit::RemovePhone { .. }
        | Edit::LabelPhone { .. }
        | Edit::SetEntry { .. }
        | Edit::SetConsent { .. } => {
            panic!("an import never touches a phone, an entry or a consent of the card")
        }
    }
}

fn codes(report: &ImportReport) -> Vec<(u32, &str)> {
    let problems = report.problems.iter();
    problems
        .map(|problem| (problem.line, problem.code.as_str()))
        .collect()
}

fn is_all_unchanged(report: &ImportReport) -> bool {
    report.unchanged == report.rows && report.completed == 0 && report.created == 0
}

#[test]
fn what_is_missing_is_offered_once_and_its_rows_wait() {
    let world = World::new();
    let text = "姓名,手机,门店,设计顾问\n甲,13800000001,SZ1,董露\n乙,13800000002,SZ1,董露\n\
                丙,13800000003,hz1,董露\n丁,13800000004,木禾家居　杭州滨江店,钟 欣薇\n";
    let plan = world.plan(text.as_bytes());
    assert_eq!(plan.report.waiting, 3);
    assert_eq!(plan.report.created, 1);
    let consultant = |store: &str| Creation::Consultant {
        name: "董露".into(),
        store: store.into(),
    };
    let store = Creation::Store { code: "SZ1".into() };
    assert_eq!(
        plan.report.missing,
        [store.clone(), consultant("HZ1"), consultant("SZ1")]
    );
    let owner = plan.items[0].owner.clone().unwrap();
    assert_eq!(
        (owner.store_code.as_str(), owner.consultant.as_str()),
        ("HZ1", "钟欣薇")
    );

    let mut world = world;
    world.allowed = vec![consultant("SZ1"), consultant("HZ1")];
    let plan = world.plan(text.as_bytes());
    assert_eq!(plan.report.missing, [store]);
    assert_eq!((plan.report.waiting, plan.consultants.len()), (2, 1));
}

#[test]
fn rows_without_store_or_consultant_go_to_the_person_who_imports() {
    let world = World::new();
    let plan = world.plan("姓名,手机\n甲,13800000001\n".as_bytes());
    let owner = plan.items[0].owner.clone().unwrap();
    assert_eq!(
        (owner.store_code.as_str(), owner.consultant.as_str()),
        ("HZ1", "钟欣薇")
    );
    assert_eq!(
        codes(&plan.report),
        [
            (1, "store_column_missing"),
            (1, "consultant_column_missing")
        ]
    );
    let plan = world.plan("姓名,门店,设计顾问\n甲,,\n".as_bytes());
    assert_eq!(
        codes(&plan.report),
        [(2, "store_empty"), (2, "consultant_empty")]
    );
}

#[test]
fn a_second_import_of_the_extract_changes_nothing() {
    second_import_changes_nothing(EXTRACT);
}

#[test]
fn a_second_import_of_the_sample_changes_nothing() {
    if let Some(bytes) = sample() {
        let world = second_import_changes_nothing(&bytes);
        assert_eq!(world.cards.len(), 600);
        assert_eq!(world.scope.stores.len(), 2);
        assert_eq!(world.scope.people.len(), 12);
        assert_eq!(world.scope.feeds.len(), 12, "the importer's own, too");
    }
}

/// Imports a file twice, also in the copies of an older system, and without card numbers.
fn second_import_changes_nothing(bytes: &[u8]) -> World {
    let mut world = World::new();
    let first = world.import(bytes);
    assert_eq!(
        (first.created, first.waiting, first.rejected),
        (first.rows, 0, 0)
    );
    let cards = world.cards.clone();
    for copy in [bytes.to_vec(), gbk_copy(bytes, 1), gbk_copy(bytes, 2)] {
        let again = world.import(&copy);
        assert!(is_all_unchanged(&again), "{again:?}");
        assert_eq!(again.problems, first.problems);
        assert_eq!(world.cards, cards);
    }
    world
}

#[test]
fn better_values_replace_their_damaged_copies() {
    for marks in [1, 2] {
        let mut world = World::new();
        world.import(&gbk_copy(EXTRACT, marks));
        assert!(!format!("{:?}", world.cards).contains('𠮷'));
        let report = world.import(EXTRACT);
        assert!(report.completed > 0);
        assert_eq!(report.completed + report.unchanged, report.rows);
        let mut direct = World::new();
        direct.import(EXTRACT);
        assert_eq!(world.cards, direct.cards);
    }
}

#[test]
fn rows_without_number_are_recognised_also_in_a_damaged_copy() {
    let text = "姓名,手机,门店,设计顾问\n魏𠮷,13800000001,HZ1,钟欣薇\n李女士,,HZ1,钟欣薇\n\
                魏强,13800000001,HZ1,钟欣薇\n李女士,,HZ1,钟欣薇 \n";
    let mut world = World::new();
    assert_eq!(world.import(text.as_bytes()).created, 4);
    assert!(is_all_unchanged(&world.import(text.as_bytes())));
    for marks in [1, 2] {
        let copy = gbk_copy(text.as_bytes(), marks);
        assert!(is_all_unchanged(&world.import(&copy)));
    }
    let mut world = World::new();
    world.import(&gbk_copy(text.as_bytes(), 1));
    let report = world.import(text.as_bytes());
    assert_eq!((report.completed, report.unchanged), (1, 3));
    assert_eq!(world.card("魏𠮷").customer.phones.len(), 1);
    assert!(is_all_unchanged(&world.import(text.as_bytes())));
}

#[test]
fn nothing_that_staff_did_is_undone() {
    let header = "卡号,姓名,手机,电话2,小区,客户分类,备注,爱好,下一步,下一步日期,门店,设计顾问\n";
    let row = "HZ1-1,李女士,13800000001,13800000002,望湖里,C,养猫,钓鱼,生日问候,2026-12-01,HZ1,\
               钟欣薇\n";
    let file = format!("{header}{row}");
    let mut world = World::new();
    world.import(file.as_bytes());
    let card = world.card("李女士");
    let customer = &mut card.customer;
    customer.fields.insert(CustomerField::Name, "李雯".into());
    customer.fields.insert(CustomerField::Class, "A".into());
    customer.fields.remove(&CustomerField::Compound);
    card.taken_off.fields.insert(CustomerField::Compound);
    customer.phones[0].number = "13900000001".into();
    card.taken_off.phones.insert(customer.phones.remove(1).id);
    customer.remarks.clear();
    card.taken_off.remarks = true;
    customer.facts.get_mut("爱好").unwrap().value.clear();
    customer.next_steps.clear();
    // The card has another name and no phone in common: the number alone is no proof.
    let after_staff = world.cards.clone();
    let report = world.import(file.as_bytes());
    assert_eq!(codes(&report), [(2, "number_of_another")]);
    assert_eq!(world.cards, after_staff);

    world
        .card("李雯")
        .customer
        .fields
        .insert(CustomerField::Name, "李女士".into());
    let after_staff = world.cards.clone();
    let report = world.import(file.as_bytes());
    assert!(is_all_unchanged(&report));
    assert_eq!(world.cards, after_staff);
    let kept: Vec<_> = report
        .problems
        .iter()
        .filter(|p| p.code == "value_kept")
        .collect();
    assert_eq!(kept.len(), 6, "{kept:?}");
    assert!(
        report
            .problems
            .iter()
            .any(|problem| problem.code == "step_kept")
    );
}

#[test]
fn values_that_a_card_lacks_are_completed() {
    let mut world = World::new();
    world.import("卡号,姓名,门店,设计顾问\nHZ1-1,李女士,HZ1,钟欣薇\n".as_bytes());
    let fuller = "卡号,姓名,手机,小区,备注,爱好,下一步,下一步日期,门店,设计顾问\n\
                  HZ1-1,李女士,13800000001,望湖里,养猫,钓鱼,生日问候,2026-12-01,HZ1,董露\n";
    let report = world.import(fuller.as_bytes());
    assert_eq!((report.completed, report.unchanged), (1, 0));
    assert_eq!(codes(&report), [(2, "owner_kept"), (2, "step_kept")]);
    let customer = &world.card("李女士").customer;
    assert_eq!(customer.field(CustomerField::Compound), "望湖里");
    assert_eq!(customer.phones[0].number, "13800000001");
    assert_eq!(customer.remarks, "养猫");
    assert_eq!(customer.facts["爱好"].value, "钓鱼");
    assert!(customer.next_steps.is_empty());
    let again = world.import(fuller.as_bytes());
    assert!(is_all_unchanged(&again));
}

#[test]
fn one_number_makes_one_card() {
    let text = "卡号,姓名,手机,门店,设计顾问\n7,甲,13800000001,HZ1,钟欣薇\n\
                7,乙,13800000002,HZ1,钟欣薇\n7,丙,13800000003,SZ1,钟欣薇\n";
    let mut world = World::new();
    let report = world.import(text.as_bytes());
    assert_eq!((report.created, report.rejected), (2, 1));
    assert_eq!(
        codes(&report),
        [(1, "store_unmanaged"), (3, "number_twice")]
    );
}

#[test]
fn the_same_file_makes_the_same_entries() {
    let commands = || -> Vec<_> {
        let mut world = World::new();
        world.allowed = world.plan(EXTRACT).report.missing;
        world.plan(EXTRACT).items
    };
    assert_eq!(commands(), commands());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_file_can_be_imported_twice(
        rows in proptest::collection::vec(
            "[12]?,[李魏][𠮷?]?,(1380000000[12])?[/ ]?,(HZ1|SZ1)?,[王?]?,[A-E]?,[无x?]?,(2026-0[1-9]-31)?,[?𠮷]?",
            0..12),
    ) {
        let header = "卡号,姓名,手机,门店,设计顾问,客户分类,下一步,下一步日期,爱好";
        let text = format!("{header}\n{}\n", rows.join("\n"));
        let mut world = World::new();
        let first = world.import(text.as_bytes());
        prop_assert_eq!(
            first.rows,
            first.created + first.completed + first.unchanged + first.rejected + first.waiting
        );
        let cards = world.cards.clone();
        let again = world.import(text.as_bytes());
        prop_assert_eq!(again.created, 0);
        prop_assert_eq!(again.completed, 0);
        prop_assert_eq!(again.rejected, first.rejected);
        prop_assert_eq!(&world.cards, &cards);
    }
}

/// What a report says of the rows that it keeps out.
fn fatal(report: &ImportReport) -> Vec<(u32, &str, &str)> {
    let fatal = report.problems.iter().filter(|problem| problem.is_fatal);
    fatal
        .map(|problem| (problem.line, problem.code.as_str(), problem.value.as_str()))
        .collect()
}

#[test]
fn who_is_no_administrator_imports_into_their_stores_for_consultants_who_are_there() {
    let mut world = World::new();
    let here = StoreId::from_bytes([1; 16]);
    let there = Store {
        id: StoreId::from_bytes([2; 16]),
        code: "SZ1".into(),
        name: "苏州店".into(),
        ..world.scope.stores[0].clone()
    };
    world.scope.stores.push(there);
    let wang = PersonId::from_bytes([2; 16]);
    world.scope.people[0].posts = vec![Post::new(here, Role::Office)];
    world.scope.people.push(Person {
        id: wang,
        name: "王芳".into(),
        posts: vec![Post::new(here, Role::Consultant)],
        is_active: true,
    });
    world.scope.feeds = vec![Feed::of_owner(here, FeedKind::Cards, wang)];
    world.may_create = false;
    let text = "姓名,手机,门店,设计顾问\n甲,13800000001,HZ1,王芳\n乙,13800000002,SZ1,王芳\n\
                丙,13800000003,HZ1,\n丁,13800000004,NJ1,王芳\n戊,13800000005,HZ1,钟欣薇\n\
                己,13800000006,,王芳\n庚,13800000007,HZ1,孙丽\n";
    let report = world.plan(text.as_bytes()).report;
    assert_eq!(
        fatal(&report),
        [
            (3, "store_not_yours", "SZ1"),
            (4, "consultant_needed", "丙"),
            (5, "store_not_yours", "NJ1"),
            (6, "consultant_without_book", "钟欣薇"),
            (8, "consultant_without_book", "孙丽"),
        ]
    );
    assert_eq!((report.created, report.rejected, report.waiting), (2, 5, 0));
    assert_eq!(
        report.missing,
        [],
        "nothing is offered that they may not do"
    );
}

#[test]
fn a_row_that_is_kept_out_is_not_taken_for_another_one() {
    let text = "姓名,手机,门店,设计顾问\n李,13800000002,SZ1,\n李,13800000002,SZ1,王芳\n";
    let mut world = World::new();
    let first = world.import(text.as_bytes());
    let again = world.import(text.as_bytes());
    assert_eq!((first.created, first.rejected), (1, 1));
    assert_eq!((again.created, again.unchanged, again.rejected), (0, 1, 1));
}

#[test]
fn an_administrator_gets_no_customers_of_a_store_in_which_they_have_none() {
    let mut world = World::new();
    let text = "姓名,手机,门店,设计顾问\n甲,13800000001,SZ1,\n乙,13800000002,SZ1,王芳\n\
                丙,13800000003,SZ1,王芳\n丁,13800000004,HZ1,王芳\n";
    let report = world.import(text.as_bytes());
    assert_eq!(fatal(&report), [(2, "consultant_needed", "甲")]);
    assert_eq!(report.created, 3);
    let mut told = report.problems.iter();
    let unmanaged = told.find(|problem| problem.code == "store_unmanaged");
    assert_eq!(unmanaged.map(|problem| problem.value.as_str()), Some("SZ1"));
    assert!(
        !told.any(|problem| problem.code == "store_unmanaged"),
        "once"
    );
}
