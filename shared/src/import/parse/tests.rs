//! Reading whole files.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::import::sample::{EXTRACT, sample};

fn read(text: &str) -> ImportedFile {
    read_customers(text.as_bytes()).unwrap()
}

/// The only customer of a file with this header and row, with the codes of its problems.
fn one(header: &str, row: &str) -> (ImportedCustomer, Vec<String>) {
    let file = read(&format!("{header},门店,设计顾问\n{row},HZ1,王\n"));
    let codes = file
        .problems
        .into_iter()
        .map(|problem| problem.code)
        .collect();
    (file.customers.into_iter().next().unwrap(), codes)
}

fn counts(file: &ImportedFile) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for problem in &file.problems {
        *counts.entry(problem.code.as_str()).or_default() += 1;
    }
    counts
}

#[test]
fn the_extract_is_read_with_all_its_oddities() {
    let file = read_customers(EXTRACT).unwrap();
    assert_eq!(file.encoding, Encoding::Utf8WithMark);
    assert_eq!(file.rejected, 0);
    assert_eq!(file.rows as usize, file.customers.len());
    assert_eq!(counts(&file), BTreeMap::from([("reason_missing", 1)]));
    assert_eq!(
        file.fact_columns(),
        ["性别", "生日", "职业", "风格", "关注点", "预算", "推荐人"]
    );
    let with_two_in_one_cell = file
        .customers
        .iter()
        .find(|row| row.phones.len() > 1)
        .unwrap();
    assert_ne!(
        with_two_in_one_cell.phones[0],
        with_two_in_one_cell.phones[1]
    );
    assert!(file.customers.iter().any(|row| row.remarks.contains('\n')));
    assert!(
        file.customers
            .iter()
            .any(|row| row.remarks.contains("\"L\""))
    );
    assert!(file.customers.iter().any(|row| row.name().contains('𠮷')));
    for row in &file.customers {
        assert_ne!(
            row.fields.get(&CustomerField::Wechat).map(String::as_str),
            Some("同手机")
        );
    }
}

#[test]
fn the_sample_is_read_without_losing_a_row() {
    let Some(bytes) = sample() else {
        return;
    };
    let file = read_customers(&bytes).unwrap();
    assert_eq!(
        (file.rows, file.rejected, file.customers.len()),
        (600, 0, 600)
    );
    assert_eq!(counts(&file), BTreeMap::from([("reason_missing", 8)]));
    let phones = file.customers.iter().flat_map(|row| &row.phones);
    let unknown = phones.filter(|phone| normalise(&phone.number).kind == PhoneKind::Unknown);
    assert_eq!(unknown.count(), 0);
    let steps = file.customers.iter().filter(|row| row.next_step.is_some());
    assert_eq!(steps.count(), 600 - 146);
    let last = file.customers.last().unwrap();
    assert!(
        last.line > 601,
        "rows with line breaks count as the lines that they have"
    );
}

#[test]
fn a_row_gives_fields_phones_steps_and_facts() {
    let (row, codes) = one(
        "卡号,姓名,手机,微信,邮箱,客户分类,首次到店,下一步,下一步日期,备注,爱好",
        "7,　李女士 ,13800000000(本人)/0512-50872011转8,同手机,A@B.COM,Ａ类,2026年3月5日,\
         电话约周末,2026/3/8,\"养猫\n怕吵\",钓鱼",
    );
    assert_eq!(codes, Vec::<String>::new());
    assert_eq!(row.number.as_deref(), Some("7"));
    assert_eq!(row.store_code.as_deref(), Some("HZ1"));
    assert_eq!(row.consultant.as_deref(), Some("王"));
    assert_eq!(row.name(), "李女士");
    let fields = [
        (CustomerField::Wechat, "13800000000"),
        (CustomerField::Email, "a@b.com"),
        (CustomerField::Class, "A"),
        (CustomerField::FirstVisit, "2026-03-05"),
    ];
    for (field, value) in fields {
        assert_eq!(row.fields[&field], value);
    }
    let phone = |number: &str, label: &str| ImportedPhone {
        number: number.into(),
        label: label.into(),
    };
    assert_eq!(
        row.phones,
        [phone("13800000000", "本人"), phone("0512-50872011转8", "")]
    );
    assert_eq!(
        row.next_step,
        Some(NextStepDecision::planned(
            "电话约周末",
            "2026-03-08".parse().unwrap(),
            Channel::Call
        ))
    );
    assert_eq!(row.remarks, "养猫\n怕吵");
    assert_eq!(row.facts, BTreeMap::from([("爱好".into(), "钓鱼".into())]));
}

#[test]
fn what_cannot_be_interpreted_becomes_a_fact_and_a_problem() {
    for (header, value, code) in [
        ("客户分类", "E", "class_unknown"),
        ("客户分类", "A-", "class_unknown"),
        ("客户分类", "优质", "class_unknown"),
        ("顾客类型", "外星人", "kind_unknown"),
        ("首次到店", "2026-02-30", "date_impossible"),
        ("首次到店", "去年", "date_unreadable"),
        ("首次到店", "3/5/2026", "date_ambiguous"),
        ("邮箱", "没有", "email_unreadable"),
        ("微信", "同手机", "wechat_without_mobile"),
        ("电话", "没有电话", "phone_unreadable"),
        ("电话", "1.38E+10", "phone_unreadable"),
        ("下一步", "上门量尺", "step_without_date"),
        ("下一步日期", "2026-03-05", "date_without_step"),
    ] {
        let (row, codes) = one(&format!("姓名,{header}"), &format!("李,{value}"));
        assert_eq!(codes, [code], "{header} {value}");
        assert_eq!(row.facts[header], value);
    }
    let (row, codes) = one("姓名,电话", "李,1380000000 / 3号楼");
    assert_eq!(codes, ["phone_unusual"]);
    assert_eq!(row.phones.len(), 1);
    let (row, codes) = one("姓名,首次到店", "李,2026-03-05 14:30");
    assert!(codes.is_empty());
    assert_eq!(row.facts["首次到店"], "2026-03-05 14:30");
    let (row, codes) = one("姓名,客户分类", "李,A(老板娘)");
    assert!(codes.is_empty());
    assert_eq!(row.fields[&CustomerField::Class], "A");
    assert_eq!(row.facts["客户分类"], "A(老板娘)");
    let long = "长".repeat(FIELD_MAX_CHARS + 1);
    let (row, codes) = one("姓名,爱好", &format!("李,{long}"));
    assert_eq!(codes, ["value_too_long"]);
    assert_eq!(row.remarks, format!("爱好: {long}"));
}

#[test]
fn none_is_a_decision_with_a_reason() {
    for (step, reason, codes) in [
        ("无(换城市)", "换城市", vec![]),
        ("无（已在别家买）", "已在别家买", vec![]),
        ("无:联系三次不接", "联系三次不接", vec![]),
        ("None (moved)", "moved", vec![]),
        ("无", "无", vec!["reason_missing"]),
        ("无()", "无()", vec!["reason_missing"]),
    ] {
        let (row, found) = one("姓名,下一步", &format!("李,{step}"));
        assert_eq!(found, codes, "{step}");
        let reason = reason.to_owned();
        assert_eq!(
            row.next_step,
            Some(NextStepDecision::None { reason }),
            "{step}"
        );
    }
    let (row, codes) = one("姓名,下一步,下一步日期", "李,无锡样板间回访,2026-03-05");
    assert!(codes.is_empty());
    assert!(matches!(
        row.next_step,
        Some(NextStepDecision::Planned { .. })
    ));
    let (_, codes) = one("姓名,下一步,下一步日期", "李,无(换城市),2026-03-05");
    assert_eq!(codes, ["date_without_use"]);
}

#[test]
fn damaged_rows_are_reported_and_the_rest_goes_on() {
    let mut bytes = "姓名,电话,门店,设计顾问,备注\n\
         甲,13800000001,HZ1,王,\n\
         乙,13800000002,HZ1\n\
         丙,13800000003,HZ1,王,\"没有关\n\
         丁,13800000004,HZ1,王,\"关了\"\n\
         ,13800000005,HZ1,王,\n\
         甲,13800000001,HZ1,王,\n\
         戊"
    .as_bytes()
    .to_vec();
    bytes.extend_from_slice(b"\xe6\x88,13800000006,HZ1,,\n");
    bytes.extend_from_slice("己,13800000007,HZ1,王,\n".as_bytes());
    let file = read_customers(&bytes).unwrap();
    let names: Vec<_> = file.customers.iter().map(ImportedCustomer::name).collect();
    assert_eq!(names, ["甲", "丁", "己"]);
    assert_eq!((file.rows, file.rejected), (8, 5));
    let problems: Vec<_> = file
        .problems
        .iter()
        .map(|p| (p.line, p.code.as_str()))
        .collect();
    assert_eq!(
        problems,
        [
            (3, "column_count"),
            (4, "unbalanced_quotes"),
            (6, "name_missing"),
            (7, "row_twice"),
            (8, "damaged_text"),
        ]
    );
}

#[test]
fn other_headers_separators_and_titles_are_understood() {
    let text = "客户资料导出 2026-11\t\t\t\n\
                会员编号\t客户姓名\t手机号码\t归属门店\t归属导购\t客户等级\t下次跟进时间\t下次跟进内容\n\
                001\t李女士\t=\"13800000001\"\t杭州滨江店\t王\tb级\t2026/12/1 0:00\t上门量尺\n";
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let file = read_customers(&utf16).unwrap();
    assert_eq!(file.problems, []);
    let row = &file.customers[0];
    assert_eq!((row.line, row.number.as_deref()), (3, Some("001")));
    assert_eq!(row.phones[0].number, "13800000001");
    assert_eq!(row.fields[&CustomerField::Class], "B");
    assert_eq!(
        row.next_step,
        Some(NextStepDecision::planned(
            "上门量尺",
            "2026-12-01".parse().unwrap(),
            Channel::HomeVisit
        ))
    );
}

#[test]
fn the_largest_file_is_read_in_reasonable_time() {
    let cells = "李女士,13800000001/0512-50872011转8,HZ1,王,\"电梯小,三人位\n要分体\",";
    let mut text = "姓名,电话,门店,设计顾问,备注,编号\n".to_owned();
    for number in 0..ROWS_MAX {
        text.push_str(cells);
        text.push_str(&number.to_string());
        text.push('\n');
    }
    let file = read_customers(text.as_bytes()).unwrap();
    assert_eq!(file.customers.len(), ROWS_MAX);
}

#[test]
fn too_many_rows_are_refused() {
    let text = format!("姓名\n{}", "李\n".repeat(ROWS_MAX + 1));
    assert_eq!(
        read_customers(text.as_bytes()).unwrap_err().code(),
        "too_many_rows"
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_customers(&bytes);
    }

    #[test]
    fn arbitrary_rows_never_panic_and_are_all_counted(
        rows in "([无上门(（)138０-９/.年月日 转,\"\n\u{3000}𠮷?@a=-]{0,12},){0,40}",
    ) {
        let text = format!("姓名,电话,下一步,下一步日期,首次到店,微信,客户分类,邮箱\n{rows}");
        let file = read(&text);
        prop_assert_eq!(file.rows as usize, file.rejected as usize + file.customers.len());
    }

    #[test]
    fn every_value_of_a_row_is_somewhere(values in proptest::collection::vec(
        "[无上门(138０-９/.年月日 转𠮷?@aA=-]{0,12}", 9)) {
        let header = "电话,下一步,下一步日期,首次到店,微信,客户分类,邮箱,顾客类型,爱好,姓名";
        let file = read(&format!("{header}\n{},李\n", values.join(",")));
        prop_assert_eq!(file.customers.len(), 1);
        let kept = format!("{:?}", file.customers).to_lowercase();
        for value in &values {
            // Dates, kinds and numbers are written in another way; words of the others stay.
            if value.contains('𠮷') {
                prop_assert!(kept.contains('𠮷'), "{} in {}", value, kept);
            }
            if value.contains('年') && value.contains('门') {
                prop_assert!(kept.contains('门'), "{} in {}", value, kept);
            }
        }
    }
}
