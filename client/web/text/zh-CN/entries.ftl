### 资料以外的内容：家庭、服务、已购、意向、同意。

## 条目的字段
entry-name = 姓名
entry-relation = 关系
entry-birthday = 生日
entry-issue = 问题
entry-gift = 礼品
entry-given_on = 赠送日期
entry-occasion = 缘由
entry-product = 产品
entry-wish = 想买什么
entry-day = 日期
entry-about = 备注
entry-promise = 承诺
entry-promised_for = 承诺日期
entry-solution = 解决办法
entry-solved_on = 解决日期
entry-satisfaction = 满意度
entry-material = 材质
entry-amount = 金额
entry-delivered_on = 送货日期
entry-warranty_until = 质保到期
entry-replace_from = 预计更换
entry-expected_on = 预计购买
entry-money = 资金
entry-authority = 决定权
entry-need = 需求
entry-ended = 结果
entry-unknown = { $code }
answer-yes = 是
answer-no = 否
answer-unknown = { $code }
satisfaction-satisfied = 满意
satisfaction-fair = 一般
satisfaction-dissatisfied = 不满意
satisfaction-unknown = { $code }
material-leather = 真皮
material-fabric = 布艺
material-solid_wood = 实木
material-board = 板式
material-sintered_stone = 岩板
material-marble = 大理石
material-glass = 玻璃
material-metal = 金属
material-rattan = 藤编
material-latex = 乳胶
material-unknown = { $code }
issue-state-open = 待处理
issue-state-promised = 已承诺
issue-state-solved = 已解决，待回访
issue-state-dissatisfied = 不满意
issue-state-closed = 已完结
issue-state-unknown = { $code }

## 同意
consent-call = 电话
consent-message = 短信
consent-wechat = 微信
consent-mail = 邮件
consent-home_visit = 上门
consent-sensitive = 保存敏感信息
consent-unknown = { $code }
consent-given = { $day } 同意
consent-refused = { $day } 拒绝
consent-not-asked = 未询问

## 身份
life-cycle-future = 潜在顾客
life-cycle-new = 新顾客
life-cycle-old = 老顾客
life-cycle-unknown = { $code }
weight-main = 主力
weight-general = 一般
weight-scattered = 零散
weight-unknown = { $code }
grade-plain = 普通
grade-silver = 银卡
grade-gold = 金卡
grade-diamond = 钻石卡
grade-unknown = { $code }
dealing-past = 已成交
dealing-current = 进行中
dealing-upcoming = 将有往来
dealing-unknown = { $code }

## 联系的目的
purpose-follow_up = 跟进
purpose-thank_you = 感谢来店
purpose-birthday = 生日回访
purpose-occasion = 节日、换季、会员活动回访
purpose-after_purchase = 购后回访
purpose-promotion = 促销前回访
purpose-service = 服务
purpose-referral = 请求转介绍
purpose-other = 其他
purpose-unknown = { $code }
