//! The fields of the catalogue about enterprises.

use super::fields::{EXTRA, field, soft};
use super::{CatalogueField, Category, Input, Topic};

/// In the order in which a category shows them.
pub(super) const ENTERPRISES: &[CatalogueField] = &[
    field(
        "founded",
        ("成立日期", "Founded"),
        Category::EnterpriseBasic,
        Input::Date,
        soft(Topic::Enterprise),
    ),
    field(
        "organisation_form",
        ("组织形式", "Organisation"),
        Category::EnterpriseBasic,
        Input::Line,
        soft(Topic::Enterprise),
    ),
    field(
        "trade",
        ("行业", "Trade"),
        Category::EnterpriseBasic,
        Input::Line,
        soft(Topic::Enterprise),
    ),
    field(
        "assets",
        ("资产", "Assets"),
        Category::EnterpriseBasic,
        Input::Line,
        soft(Topic::Enterprise),
    ),
    field(
        "staff",
        ("员工人数", "Staff"),
        Category::EnterpriseBasic,
        Input::Number,
        soft(Topic::Enterprise),
    )
    .also(&["员工"]),
    field(
        "service_area",
        ("业务区域", "Service area"),
        Category::EnterpriseTraits,
        Input::Line,
        soft(Topic::Business),
    ),
    field(
        "business_ideas",
        ("经营理念", "Business ideas"),
        Category::EnterpriseTraits,
        Input::Line,
        soft(Topic::Business),
    ),
    field(
        "sales_strength",
        ("销售实力", "Sales strength"),
        Category::EnterpriseBusiness,
        Input::Line,
        soft(Topic::Business),
    ),
    field(
        "potential",
        ("发展潜力", "Potential"),
        Category::EnterpriseBusiness,
        Input::Line,
        soft(Topic::Business),
    ),
    field(
        "competitors",
        ("竞争对手", "Competitors"),
        Category::EnterpriseBusiness,
        Input::Line,
        soft(Topic::Competitors),
    ),
    field(
        "dealings",
        ("往来情况", "Dealings so far"),
        Category::EnterpriseDealings,
        Input::Line,
        EXTRA,
    ),
    field(
        "credit",
        ("付款信誉", "How they pay their bills"),
        Category::EnterpriseDealings,
        Input::Line,
        EXTRA,
    ),
    field(
        "owner_name",
        ("业主", "Owner"),
        Category::EnterprisePersons,
        Input::Line,
        soft(Topic::Persons),
    )
    .also(&["老板"]),
    field(
        "manager_name",
        ("经理", "Manager"),
        Category::EnterprisePersons,
        Input::Line,
        soft(Topic::Persons),
    ),
    field(
        "legal_representative",
        ("法人代表", "Legal representative"),
        Category::EnterprisePersons,
        Input::Line,
        soft(Topic::Persons),
    ),
    field(
        "persons_character",
        ("负责人的特点", "What they are like"),
        Category::EnterprisePersons,
        Input::Line,
        soft(Topic::Persons),
    ),
];
