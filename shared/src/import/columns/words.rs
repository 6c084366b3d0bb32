//! The headers that are known, and the words by which others are guessed.

use crate::import::columns::{FACT_NAME_MAX_CHARS, Meaning};
use crate::record::customer::CustomerField;

/// Known headers by meaning; within a meaning the earlier word wins where a file has several.
///
/// Written as headers are compared: folded, in lower case, without blanks and marks.
pub(super) const WORDS: [(Meaning, &str); 20] = [
    (
        Meaning::Field(CustomerField::Number),
        "卡号 客户卡号 顾客卡号 客户编号 顾客编号 资料卡号 会员卡号 会员编号 会员号 \
         客户号 客户代码 客户id 档案号 档案编号 编号 编码 cardnumber cardno card \
         customernumber customerno customerid customercode memberid memberno number \
         code id",
    ),
    (
        Meaning::Field(CustomerField::Name),
        "姓名 客户姓名 顾客姓名 客户名称 顾客名称 会员姓名 客户名 顾客名 名字 名称 \
         称呼 联系人 联系人姓名 客户 顾客 业主 业主姓名 公司名称 单位名称 單位名稱 \
         單位 name fullname customername clientname contactname customer client \
         contact",
    ),
    (
        Meaning::Field(CustomerField::Class),
        "客户分类 顾客分类 客户等级 顾客等级 客户级别 顾客级别 客户类别 分类 等级 \
         级别 意向等级 意向级别 类别 class customerclass grade level rating category \
         customerlevel customergrade",
    ),
    (
        Meaning::Field(CustomerField::Kind),
        "顾客类型 客户类型 客户性质 顾客性质 类型 性质 customertype customerkind type \
         kind",
    ),
    (
        Meaning::Field(CustomerField::Wechat),
        "微信 微信号 微信id 微信账号 微信帐号 微信号码 wechat wechatid weixin wx wxid",
    ),
    (
        Meaning::Field(CustomerField::Email),
        "邮箱 电子邮箱 电子邮件 邮箱地址 邮件 email emailaddress mail",
    ),
    (
        Meaning::Field(CustomerField::Province),
        "省份 省 所在省份 所在省 省市 province state",
    ),
    (
        Meaning::Field(CustomerField::City),
        "城市 市 所在城市 所在市 city town",
    ),
    (
        Meaning::Field(CustomerField::District),
        "区县 县区 区 县 行政区 所在区 所在区县 区域 district county area",
    ),
    (
        Meaning::Field(CustomerField::Street),
        "详细地址 地址 住址 家庭住址 家庭地址 联系地址 送货地址 街道 门牌号 address \
         street streetaddress addressline1 address1 fulladdress",
    ),
    (
        Meaning::Field(CustomerField::Compound),
        "小区 小区名称 楼盘 楼盘名称 所在小区 所在楼盘 社区 compound community estate \
         residence neighbourhood neighborhood building",
    ),
    (
        Meaning::Field(CustomerField::Source),
        "来源 客户来源 顾客来源 来源渠道 客源 渠道 获客渠道 获客方式 source \
         leadsource customersource origin channel",
    ),
    (
        Meaning::Field(CustomerField::FirstVisit),
        "首次到店 首次到店日期 首次到店时间 首次到访 首次来店 首访日期 初次到店 \
         到店日期 到店时间 进店日期 进店时间 来店日期 首访 firstvisit firstvisitdate \
         firstvisitedon firstvisitat visitdate",
    ),
    (
        Meaning::Field(CustomerField::EarlierContact),
        "最近联系 最近联系日期 最近联系时间 最后联系 最后联系日期 最后联系时间 \
         上次联系 上次联系日期 上次联系时间 最近跟进 最近跟进日期 最近跟进时间 \
         最后跟进 最后跟进日期 最后跟进时间 上次跟进 上次跟进日期 上次跟进时间 \
         最近回访 最近回访日期 lastcontact lastcontactdate lastcontacted \
         lastcontactedon lastfollowup lastfollowupdate latestcontact",
    ),
    (
        Meaning::Store,
        "门店 门店编号 门店代码 门店编码 店铺 店铺编号 店代码 店号 店编号 所属门店 \
         所在门店 归属门店 门店名称 店名 分店 店 store storecode storeid shop \
         shopcode branch storename showroom location",
    ),
    (
        Meaning::Consultant,
        "设计顾问 负责顾问 所属顾问 家居顾问 销售顾问 顾问 顾问姓名 负责人 导购 \
         导购员 所属导购 销售员 销售 销售人员 业务员 跟进人 归属人 接待人 所属员工 \
         店员 员工 客户经理 consultant designconsultant salesconsultant salesperson \
         salesrep sales advisor adviser responsible assignedto assignee owner staff \
         accountmanager rep",
    ),
    (
        Meaning::NextStep,
        "下一步 下一步计划 下一步内容 下一步行动 下一步动作 下步计划 下步 \
         下次跟进内容 下次联系内容 跟进计划 后续计划 待办 待办事项 nextstep \
         nextaction nextactivity followup todo task",
    ),
    (
        Meaning::NextStepDate,
        "下一步日期 下一步时间 下一步计划日期 下步日期 下次联系日期 下次联系时间 \
         下次联系 下次跟进日期 下次跟进时间 下次跟进 下次回访日期 下次回访时间 \
         下次回访 计划日期 计划时间 待办日期 nextstepdate nextdate nextcontact \
         nextcontactdate nextactiondate nextfollowup nextfollowupdate followupdate \
         duedate due",
    ),
    (
        Meaning::Remarks,
        "备注 备注信息 客户备注 顾客备注 备注说明 说明 附注 备忘 remarks remark notes \
         note comments comment memo",
    ),
    (
        Meaning::Phone {
            label: String::new(),
        },
        "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 phone mobile tel \
         telephone cell cellphone phonenumber mobilephone mobilenumber contactnumber \
         contactphone",
    ),
];

/// Words of a day.
const TIMES: &str = "日期 时间 date time";
/// Words of something to do.
const DEEDS: &str = "内容 事项 计划 行动 动作 安排 任务 action step";

/// Clues to a meaning: all words of the first list and one of the second.
const CLUES: [(Meaning, &str, &str); 21] = [
    (Meaning::NextStepDate, "下一步", TIMES),
    (Meaning::NextStepDate, "下次", TIMES),
    (Meaning::NextStepDate, "next", TIMES),
    (Meaning::NextStep, "下一步", DEEDS),
    (Meaning::NextStep, "下次", DEEDS),
    (Meaning::NextStep, "next", DEEDS),
    (Meaning::Field(CustomerField::FirstVisit), "首次", TIMES),
    (Meaning::Field(CustomerField::FirstVisit), "first", TIMES),
    (Meaning::Field(CustomerField::EarlierContact), "最近", TIMES),
    (Meaning::Field(CustomerField::EarlierContact), "最后", TIMES),
    (Meaning::Field(CustomerField::EarlierContact), "上次", TIMES),
    (
        Meaning::Field(CustomerField::EarlierContact),
        "last contact",
        TIMES,
    ),
    (Meaning::Consultant, "", "顾问 导购 consultant salesman"),
    (Meaning::Store, "", "门店 店铺 store shop"),
    (Meaning::Field(CustomerField::Wechat), "", "微信 wechat"),
    (Meaning::Field(CustomerField::Email), "", "邮箱 email"),
    (Meaning::Field(CustomerField::Compound), "", "小区 楼盘"),
    (Meaning::Field(CustomerField::Street), "", "地址 address"),
    (Meaning::Field(CustomerField::Source), "", "来源 source"),
    (Meaning::Field(CustomerField::Name), "", "姓名"),
    (Meaning::Remarks, "", "备注 remark"),
];

/// Words of other people, of orders, or about a value instead of the value itself.
const OTHERS: &str = "推荐 介绍 设计师 配偶 太太 先生 家人 父 母 孩子 紧急 是否 状态 次数 数量 \
                      金额 订单 购买 下单 成交 送货 评价 referr spouse order purchase payment";

/// What a header means by the words in it, when it is not known as a whole.
pub(super) fn guess(word: &str) -> Option<Meaning> {
    if has_any(word, OTHERS) {
        return None;
    }
    // A day is no owner, store or address, and neither is a telephone.
    let is_day = has_any(word, TIMES) || word.contains("电话");
    CLUES.into_iter().find_map(|(meaning, all, any)| {
        let fits = all.split_whitespace().all(|part| word.contains(part))
            && has_any(word, any)
            && (!all.is_empty() || !is_day);
        fits.then_some(meaning)
    })
}

/// Whether a header contains one of the words.
fn has_any(word: &str, parts: &str) -> bool {
    parts.split_whitespace().any(|part| word.contains(part))
}

/// The label of a header that speaks of a phone in other words: `家庭电话` is `家庭`.
///
/// Phones of other people (the referrer, the designer) and dates and notes of calls are none.
pub(super) fn phone_label(word: &str) -> Option<String> {
    const NOT_OURS: &str = "推荐 介绍 顾问 导购 设计师 门店 店铺 销售 员工 日期 时间 次数 记录 结果 \
                            备注 内容 计划 是否 状态 品牌 date time referr consent";
    const PHONES: &str = "联系电话 电话号码 手机号码 手机号 手机 电话 座机 固话 联系方式 \
                          mobilephone cellphone telephone phonenumber mobile phone tel";
    if has_any(word, NOT_OURS) {
        return None;
    }
    let phone = PHONES
        .split_whitespace()
        .find(|phone| word.contains(phone))?;
    let mut label = word.replacen(phone, "", 1);
    for idle in [
        "号码", "号", "联系", "客户", "顾客", "number", "no", "customer",
    ] {
        label = label.replace(idle, "");
    }
    let label = label.trim_matches(|character: char| {
        character.is_ascii_digit() || "()/、一二三".contains(character)
    });
    Some(label.chars().take(FACT_NAME_MAX_CHARS).collect())
}
