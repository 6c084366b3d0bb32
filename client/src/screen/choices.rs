//! Words that can be tapped: stored in Chinese as imports have them, shown in both languages.

/// Words with what is offered for them: the stored word and the code of its translation.
pub struct Offered {
    /// The kind of the code, for translation.
    pub kind: &'static str,
    /// The stored words with their codes, in the order in which they are offered.
    pub words: &'static [(&'static str, &'static str)],
}

/// What a customer cares about: the choices of the catalogue's field `focus`, with talking points.
pub const FOCUS: Offered = Offered {
    kind: "talk",
    words: &[
        ("质量", "quality"),
        ("款式", "style"),
        ("价格", "price"),
        ("舒适", "comfort"),
        ("交期", "delivery"),
        ("材质", "material"),
        ("环保", "health"),
        ("服务", "service"),
        ("品牌", "brand"),
    ],
};

/// What a member of the family is to the customer.
pub const RELATIONS: Offered = Offered {
    kind: "relation",
    words: &[
        ("配偶", "spouse"),
        ("儿子", "son"),
        ("女儿", "daughter"),
        ("父亲", "father"),
        ("母亲", "mother"),
        ("岳父", "wifes_father"),
        ("岳母", "wifes_mother"),
        ("公公", "husbands_father"),
        ("婆婆", "husbands_mother"),
        ("孙辈", "grandchild"),
    ],
};

/// What a gift is given for.
pub const OCCASIONS: Offered = Offered {
    kind: "gift-for",
    words: &[
        ("感谢购买", "purchase"),
        ("生日", "birthday"),
        ("乔迁", "moving_in"),
        ("节日", "holiday"),
        ("感谢转介绍", "referral"),
        ("致歉", "apology"),
    ],
};

/// How a purchase intention ends.
pub const ENDINGS: Offered = Offered {
    kind: "ended",
    words: &[
        ("已购买", "bought"),
        ("在别处买了", "elsewhere"),
        ("不再需要", "not_needed"),
        ("预算不够", "budget"),
        ("推迟", "postponed"),
    ],
};

impl Offered {
    /// The code of a stored word, if it is one of these.
    pub fn code_of(&self, word: &str) -> Option<&'static str> {
        let word = word.trim();
        let mut words = self.words.iter();
        words
            .find(|(stored, _)| *stored == word)
            .map(|(_, code)| *code)
    }
}

#[cfg(test)]
mod tests {
    use floorbook_shared::record::catalogue::by_key;

    use super::*;

    #[test]
    fn every_focus_of_the_catalogue_has_its_talking_points() {
        let focus = by_key("focus").unwrap();
        let offered = focus.input.choices().iter().map(|choice| choice.chinese);
        let known: Vec<&str> = FOCUS.words.iter().map(|(stored, _)| *stored).collect();
        assert_eq!(offered.collect::<Vec<_>>(), known);
    }

    #[test]
    fn words_that_were_typed_have_no_code() {
        assert_eq!(RELATIONS.code_of(" 儿子 "), Some("son"));
        assert_eq!(RELATIONS.code_of("表弟"), None);
    }
}
