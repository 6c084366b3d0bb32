//! The field catalogue: what can be known about a customer, as data (`domain.md` section 2).
//!
//! A value is a fact of the card, under the key of its field. An import keeps a column under its
//! header; the headers that mean a field are its other names, so nothing is moved and nothing lost.

mod enterprises;
mod fields;
mod people;

use enterprises::ENTERPRISES;
use people::PEOPLE;

use crate::record::customer::{Customer, CustomerKind, Fact};

/// A field that a card may have beside those that every card has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatalogueField {
    /// The name of its fact; never changed.
    pub key: &'static str,
    /// Label in Chinese; also what most imports call it.
    pub chinese: &'static str,
    /// Label in English.
    pub english: &'static str,
    /// Other headers that mean it.
    pub other_names: &'static [&'static str],
    /// The part of the file that it stands in.
    pub category: Category,
    /// What is typed.
    pub input: Input,
    /// Which part of the card's quality it counts for.
    pub file: FilePart,
    /// Whether it is off until the store turns it on and the customer agreed (identity number,
    /// health, religion, income …).
    pub is_sensitive: bool,
}

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// 基本情况
    Basic,
    /// 居住与购买
    Consumption,
    /// 喜好
    Taste,
    /// 工作与学历
    Career,
    /// 家庭
    Family,
    /// 生活
    Life,
    /// 性格
    Personality,
    /// 关系
    Relationships,
    /// 企业概况
    EnterpriseBasic,
    /// 企业特点
    EnterpriseTraits,
    /// 经营情况
    EnterpriseBusiness,
    /// 往来
    EnterpriseDealings,
    /// 负责人
    EnterprisePersons,
}

impl Category {
    /// All categories, in the order of the file: what tells most about somebody first.
    pub const ALL: [Self; 13] = [
        Self::Taste,
        Self::Consumption,
        Self::Family,
        Self::Career,
        Self::Personality,
        Self::Life,
        Self::Relationships,
        Self::Basic,
        Self::EnterprisePersons,
        Self::EnterpriseDealings,
        Self::EnterpriseBusiness,
        Self::EnterpriseTraits,
        Self::EnterpriseBasic,
    ];

    /// The key of the category, for words and for the page.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Consumption => "consumption",
            Self::Taste => "taste",
            Self::Career => "career",
            Self::Family => "family",
            Self::Life => "life",
            Self::Personality => "personality",
            Self::Relationships => "relationships",
            Self::EnterpriseBasic => "enterprise_basic",
            Self::EnterpriseTraits => "enterprise_traits",
            Self::EnterpriseBusiness => "enterprise_business",
            Self::EnterpriseDealings => "enterprise_dealings",
            Self::EnterprisePersons => "enterprise_persons",
        }
    }

    /// Whether it is about an enterprise.
    pub const fn is_of_enterprises(self) -> bool {
        matches!(
            self,
            Self::EnterpriseBasic
                | Self::EnterpriseTraits
                | Self::EnterpriseBusiness
                | Self::EnterpriseDealings
                | Self::EnterprisePersons
        )
    }

    /// Whether customers of a kind have it; of a kind that is not known, people are assumed.
    pub fn is_for(self, kind: Option<CustomerKind>) -> bool {
        let is_enterprise = kind.is_some_and(|kind| kind != CustomerKind::Individual);
        // Whoever acts for an enterprise is somebody as well.
        is_enterprise || !self.is_of_enterprises()
    }
}

/// What is typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A line of words.
    Line,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// One of these, or other words.
    OneOf(&'static [Choice]),
    /// Some of these in the order of their weight, or other words.
    SomeOf(&'static [Choice]),
}

impl Input {
    /// What can be tapped instead of typed.
    pub const fn choices(self) -> &'static [Choice] {
        match self {
            Self::Line | Self::Number | Self::Date => &[],
            Self::OneOf(choices) | Self::SomeOf(choices) => choices,
        }
    }
}

/// A value that can be tapped. It is stored in Chinese, as the imports have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored, and shown in Chinese.
    pub chinese: &'static str,
    /// What is shown in English.
    pub english: &'static str,
}

/// Which part of the card's quality a field counts for (`domain.md` section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilePart {
    /// 硬档案: data that anybody could collect.
    Hard,
    /// 软档案: what makes somebody who they are; one known field of a topic is a start.
    Soft(Topic),
    /// Good to know, but nothing that a card lacks without it.
    Extra,
}

/// What the soft file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Occupation and work.
    Work,
    /// Who lives there.
    Household,
    /// Character.
    Character,
    /// Habits.
    Habits,
    /// Tastes in style and colour.
    Taste,
    /// Leisure.
    Leisure,
    /// Preferred service.
    Service,
    /// Openness to promotions.
    Promotions,
    /// Values.
    Values,
    /// What an enterprise is: founding, form, trade, assets, staff.
    Enterprise,
    /// What it wants: ideas, sales strength, potential, service area.
    Business,
    /// Whom it competes with.
    Competitors,
    /// Who decides there and what they are like.
    Persons,
}

impl Topic {
    /// The key of the topic, for words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Household => "household",
            Self::Character => "character",
            Self::Habits => "habits",
            Self::Taste => "taste",
            Self::Leisure => "leisure",
            Self::Service => "service",
            Self::Promotions => "promotions",
            Self::Values => "values",
            Self::Enterprise => "enterprise",
            Self::Business => "business",
            Self::Competitors => "competitors",
            Self::Persons => "persons",
        }
    }

    /// The category in which most of it is asked for.
    pub fn category(self) -> Category {
        let mut fields = fields();
        let found = fields.find(|field| field.file == FilePart::Soft(self));
        found.map_or(Category::Basic, |field| field.category)
    }

    /// The topics of a person.
    pub const OF_PEOPLE: [Self; 9] = [
        Self::Work,
        Self::Household,
        Self::Character,
        Self::Habits,
        Self::Taste,
        Self::Leisure,
        Self::Service,
        Self::Promotions,
        Self::Values,
    ];

    /// The topics of an enterprise.
    pub const OF_ENTERPRISES: [Self; 4] = [
        Self::Enterprise,
        Self::Business,
        Self::Competitors,
        Self::Persons,
    ];
}

impl CatalogueField {
    /// The fact of this field on a card: under its key, else under a name of an import. An emptied
    /// fact is none.
    pub fn on<'a>(&self, customer: &'a Customer) -> Option<&'a Fact> {
        let own = customer.facts.get(self.key);
        let found = own.or_else(|| {
            let mut names = self.imported_names();
            names.find_map(|name| customer.facts.get(name))
        });
        found.filter(|fact| !fact.value.trim().is_empty())
    }

    /// The headers under which an import may have kept it.
    pub fn imported_names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.chinese).chain(self.other_names.iter().copied())
    }
}

/// All fields, in the order in which a category shows them.
pub fn fields() -> impl Iterator<Item = &'static CatalogueField> {
    PEOPLE.iter().chain(ENTERPRISES)
}

/// The field whose key or other name this is.
pub fn field_of(name: &str) -> Option<&'static CatalogueField> {
    fields().find(|field| field.key == name || field.imported_names().any(|other| other == name))
}

/// The field with this key.
pub fn by_key(key: &str) -> Option<&'static CatalogueField> {
    fields().find(|field| field.key == key)
}

/// The parts of a value that may name several things.
pub fn parts(value: &str) -> impl Iterator<Item = &str> {
    let parts = value.split(['、', ',', '，', ';', '；', '/']);
    parts.map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::record::customer::{CustomerField, FactSource};
    use crate::rules::FACTS_MAX;
    use crate::time::Timestamp;

    #[test]
    fn every_name_means_one_field_and_all_fields_fit_on_a_card() {
        let mut names = BTreeSet::new();
        for field in fields() {
            let all = std::iter::once(field.key).chain(field.imported_names());
            for name in all.collect::<BTreeSet<_>>() {
                assert!(names.insert(name), "{name} stands twice");
            }
            assert!(
                CustomerField::from_key(field.key).is_none(),
                "{}",
                field.key
            );
            assert!(!field.english.is_empty());
            let labels = field.input.choices().iter().map(|choice| choice.chinese);
            let labels: Vec<&str> = labels.collect();
            let different: BTreeSet<&str> = labels.iter().copied().collect();
            assert_eq!(labels.len(), different.len(), "{}", field.key);
        }
        assert!(
            fields().count() + 20 < FACTS_MAX,
            "with columns of an import"
        );
    }

    #[test]
    fn every_topic_has_a_field() {
        for topic in Topic::OF_PEOPLE.into_iter().chain(Topic::OF_ENTERPRISES) {
            let of_topic = |field: &&CatalogueField| field.file == FilePart::Soft(topic);
            assert!(fields().any(|field| of_topic(&field)), "{topic:?}");
        }
    }

    #[test]
    fn a_fact_is_found_under_the_key_before_the_header_of_an_import() {
        let field = by_key("occupation").unwrap();
        let fact = |value: &str| Fact {
            value: value.to_owned(),
            source: FactSource::Import,
            at: Timestamp::default(),
        };
        let mut customer = Customer {
            facts: BTreeMap::from([("职业".to_owned(), fact("教师"))]),
            ..Customer::default()
        };
        assert_eq!(field.on(&customer).unwrap().value, "教师");
        customer.facts.insert("occupation".to_owned(), fact("律师"));
        assert_eq!(field.on(&customer).unwrap().value, "律师");
        customer.facts.insert("occupation".to_owned(), fact(" "));
        assert_eq!(field.on(&customer), None, "emptied by hand");
    }

    #[test]
    fn lists_are_parted_as_people_write_them() {
        let found: Vec<&str> = parts("价格、材质, 交期").collect();
        assert_eq!(found, ["价格", "材质", "交期"]);
    }
}
