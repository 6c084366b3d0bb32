//! What the demonstration's stores, people and customers are made of. All of it is made up.

use std::collections::BTreeSet;

use floorbook_shared::access::Role;

use floorbook_shared::record::contact::{Channel, Outcome};

/// Code, name and city of each store.
pub(super) const STORES: [(&str, &str, &str); 2] = [
    ("HZ1", "木禾家居 杭州滨江店", "杭州市"),
    ("SZ1", "木禾家居 苏州园区店", "苏州市"),
];
/// Time zone of both.
pub(super) const TIME_ZONE: &str = "Asia/Shanghai";

/// Someone who works there.
pub(super) struct Staff {
    pub(super) name: &'static str,
    /// Indices of stores, with what they do there; the first one is home.
    pub(super) posts: &'static [(usize, Role)],
    /// Share of the customers, in percent.
    pub(super) share: usize,
}

impl Staff {
    const fn new(name: &'static str, posts: &'static [(usize, Role)], share: usize) -> Self {
        Self { name, posts, share }
    }

    /// Index of their home store.
    pub(super) fn home(&self) -> usize {
        self.posts[0].0
    }

    /// What they do, each role once.
    pub(super) fn roles(&self) -> Vec<Role> {
        let roles: BTreeSet<Role> = self.posts.iter().map(|(_, role)| *role).collect();
        roles.into_iter().collect()
    }
}

/// Everyone who works there; the first one is manager and administrator.
pub(super) const STAFF: [Staff; 7] = [
    Staff::new(
        "陈晓",
        &[
            (0, Role::Admin),
            (0, Role::Manager),
            (0, Role::Consultant),
            (1, Role::Manager),
        ],
        4,
    ),
    Staff::new("林雨桐", &[(0, Role::Consultant)], 26),
    Staff::new("周子涵", &[(0, Role::Consultant)], 24),
    Staff::new("吴嘉怡", &[(0, Role::Consultant)], 20),
    Staff::new("何文博", &[(1, Role::Consultant)], 26),
    Staff::new("沈静秋", &[(0, Role::Office), (1, Role::Office)], 0),
    Staff::new("陆远", &[(0, Role::Display)], 0),
];

pub(super) const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "朱", "马", "胡", "郭",
    "林", "何", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "韩", "冯", "曹", "彭", "曾",
    "肖", "田", "董", "潘", "袁", "蔡", "蒋", "余", "于", "杜", "叶", "程", "魏", "单", "仇", "解",
    "查", "区", "欧阳", "上官", "司马", "诸葛",
];
pub(super) const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文\
    辉力鹏飞鑫波斌宇浩凯健俊帆梓涵子轩浩然雨欣怡佳思悦彤晨曦嘉琪梦瑶若彬蕾琳雪婷颖倩";

/// District and its compounds, by store.
pub(super) const PLACES: [&[(&str, &[&str])]; 2] = [
    &[
        ("滨江区", &["望湖里", "云栖府", "江岸华庭", "星澜湾"]),
        ("萧山区", &["钱江雅苑", "棠景里", "翡翠城"]),
        ("拱墅区", &["运河人家", "枫月花园", "同德公馆"]),
        ("余杭区", &["澜月府", "未来悦居", "西溪里"]),
    ],
    &[
        ("工业园区", &["湖畔天城", "棠月府", "金鸡湖花园"]),
        ("吴中区", &["璟澜花园", "望风里"]),
        ("虎丘区", &["科技雅居", "石湖华庭"]),
    ],
];
pub(super) const STREETS: &[&str] = &[
    "江南大道",
    "滨盛路",
    "云苑路",
    "枫湖街",
    "晴和路",
    "同兴路",
    "澄园路",
    "丹枫路",
];

pub(super) const PHONE_PREFIXES: &[&str] = &[
    "130", "133", "135", "136", "137", "138", "139", "150", "151", "158", "159", "177", "180",
    "186", "188", "189", "198",
];
pub(super) const SOURCES: &[&str] = &[
    "自然进店",
    "自然进店",
    "自然进店",
    "老客户介绍",
    "设计师推荐",
    "小区推广",
    "小红书",
    "电话咨询",
];
pub(super) const STYLES: &[&str] = &[
    "现代简约",
    "意式轻奢",
    "新中式",
    "北欧",
    "日式原木",
    "美式",
    "混搭",
];
pub(super) const BUDGETS: &[&str] = &["3-5万", "5-8万", "8-12万", "20万以内", "30万", "看方案再定"];
pub(super) const FOCUSES: &[&str] = &[
    "环保>款式",
    "价格、材质",
    "服务>质量",
    "舒适/价格",
    "款式",
    "环保、舒适",
];
pub(super) const JOBS: &[&str] = &[
    "教师",
    "医生",
    "工程师",
    "律师",
    "会计",
    "公务员",
    "自由职业",
    "退休",
];
pub(super) const REMARKS: &[&str] = &[
    "装修进度:水电刚完。",
    "喜欢原木色,不要亮光漆。",
    "先生做决定,太太看款式。",
    "家里有两只猫,沙发要耐抓的面料。",
    "婆婆同住,次卧床要矮一点。",
    "对甲醛很在意,要看检测报告。",
    "颈椎不好,想试乳胶枕和床垫。",
    "周末才有空,平时微信联系。",
    "出租房用,要便宜耐用。",
    "茶室要新中式,配六把椅子。",
];

/// What is to be done next, and how.
pub(super) const STEPS: &[(&str, Channel)] = &[
    ("发沙发面料的实物照片", Channel::Wechat),
    ("约周末带太太来店看餐桌", Channel::Call),
    ("报主卧整套的价格", Channel::Wechat),
    ("上门量尺寸", Channel::HomeVisit),
    ("来店试床垫", Channel::StoreVisit),
    ("确认窗帘的颜色", Channel::Call),
    ("发第二版平面方案", Channel::Mail),
    ("问装修进度", Channel::Call),
    ("通知春季活动的价格", Channel::Message),
    ("月度问候", Channel::Wechat),
];
/// What came of a contact, how it was, and what was said.
pub(super) const CONTACTS: &[(Outcome, Channel, &str)] = &[
    (
        Outcome::Progress,
        Channel::StoreVisit,
        "试坐了云朵沙发,喜欢,嫌深了一点。想看浅灰色。",
    ),
    (
        Outcome::Progress,
        Channel::Call,
        "瓷砖下周贴完,之后就能量尺寸。",
    ),
    (
        Outcome::Progress,
        Channel::Wechat,
        "发了三张餐桌的图,选中第二张,问有没有1.6米。",
    ),
    (
        Outcome::Progress,
        Channel::HomeVisit,
        "量了客厅和主卧,电视墙比图纸窄12厘米。",
    ),
    (
        Outcome::NoChange,
        Channel::Call,
        "还在等房子交付,暂时没有变化。",
    ),
    (
        Outcome::NoChange,
        Channel::Wechat,
        "问候了一下,说看好了会来。",
    ),
    (Outcome::NotReached, Channel::Call, ""),
    (Outcome::NotReached, Channel::Call, "没有接,发了微信。"),
    (
        Outcome::NotConvenient,
        Channel::Call,
        "在开会,晚上七点以后再打。",
    ),
    (
        Outcome::Complaint,
        Channel::Call,
        "上次送的茶几有一处划痕,已经安排补漆。",
    ),
];
/// Why nothing is to be done.
pub(super) const REASONS: &[&str] = &[
    "已在别家购买",
    "房子卖了,不装修了",
    "明确表示不再联系",
    "搬去外地",
];
