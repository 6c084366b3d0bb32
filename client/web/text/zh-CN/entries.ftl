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

## 各类条目的日期
entry-day-family = 日期
entry-day-issue = 投诉日期
entry-day-gift = 日期
entry-day-purchase = 购买日期
entry-day-intention = 得知日期
entry-day-unknown = { $code }

## 条目的表单
missing-field = 还缺：{ $field }
amount-hint = 单位：元，可写“3.2万”
amount-unread = 金额读不出来，请只写数字，如 12800
years-count = { $count }年
in-days-count = { $count }天内
in-months-count = { $count }个月内
entry-edit = 修改“{ $name }”
entry-remove = 移除“{ $name }”
section-disputed = 有两个值

## 卡片的各部分
intentions = 意向
service = 服务

## 意向
intention-add = 添加意向
intentions-empty = 还没有购买意向
intentions-empty-advice = 顾客想买什么，单独记一条；老顾客明年想换卧室，也是新的一条。
intention-expected = 预计 { $day }
intention-heard = { $day } 得知
intention-end = 结束这个意向…
intention-end-name = 结束这个意向…“{ $name }”
intention-ended = 已结束：{ $how }
intention-reopen = 重新打开
intention-reopen-name = 重新打开“{ $name }”
man-money = 有资金 (M)
man-authority = 能决定 (A)
man-need = 有需求 (N)
man-unknown = { $code }
qualification-MAN = 理想的销售对象：全力促成。
qualification-MAn = 可以接近：好的介绍能唤起需求，有望成交。
qualification-MaN = 可以接近：找到真正做决定的人。
qualification-mAN = 可以接近：了解经营与信用情况，提供分期等付款方案。
qualification-maN = 长期关注：等资金和决定权的条件具备。
qualification-mAn = 长期关注：等资金和需求的条件具备。
qualification-Man = 长期关注：等决定权和需求的条件具备。
qualification-man = 不是顾客：停止跟进。
qualification-unknown = { $code }
qualification-none = 三个问题都还没有问：有没有资金、谁决定、是否真的需要？
qualification-open = 没有问到的先按“否”算。
ended-bought = 已购买
ended-elsewhere = 在别处买了
ended-not_needed = 不再需要
ended-budget = 预算不够
ended-postponed = 推迟
ended-unknown = { $code }

## 服务问题
issues = 问题与投诉
issue-add = 记一个问题
issues-empty = 没有未解决的问题。
issue-complaint = 投诉
issue-promise = 记下承诺
issue-solve = 记下解决办法
issue-until = { $day }前
issue-again = 顾客不满意：再道歉，记下新的承诺和解决办法。

## 已购产品
purchases = 已购产品
purchase-add = 添加购买
purchases-empty = 还没有记录购买。
purchases-sum = 共 { $count } 件，合计 { $amount }
bought-on = { $day } 购买
delivered-on = { $day } 送到
not-delivered = 未送货
delivered-today = 今天已送到
delivered-today-name = “{ $product }”今天已送到
warranty-until = 质保到 { $day }
warranty-over = 质保已于 { $day } 到期
replace-from = 预计 { $day } 起更换
replace-now = 已到更换时间（{ $day } 起）
care-title = { $material }的保养
care-leather =
    避开阳光直射和暖气，至少留三十厘米。
    每周用干软布擦尘，半年用一次皮革护理膏。
    洒了液体马上吸干，不要用酒精和含溶剂的清洁剂。
care-fabric =
    每周用吸尘器软刷吸尘，坐垫定期翻面。
    有污渍先用干净的白布吸，从外向里擦，不要揉。
    可拆的外套按水洗标洗，不可拆的请专业干洗。
care-solid_wood =
    室内湿度保持在四成到六成，远离暖气和空调出风口。
    用拧干的软布顺木纹擦，每季度上一次木蜡油。
    热杯热锅下面要放垫子。
care-board =
    用微湿的软布擦，边角的水马上擦干，防止封边鼓起。
    层板不要超重，重物放在下层。
    搬动时抬起来，不要拖。
care-sintered_stone =
    用中性清洁剂和软布就可以，油污当天擦。
    耐热，但不要冷热骤变；边角怕重物磕碰。
    不要站在台面上，也不要拖拽重物。
care-marble =
    怕酸：果汁、醋、酒洒了马上擦干。
    用中性石材清洁剂，一年请人做一次防护。
    用杯垫和隔热垫。
care-glass =
    用玻璃清洁剂和不掉毛的布擦。
    不要放刚离火的锅，不要用硬物敲边角。
    每半年检查一次支脚和胶垫。
care-metal =
    用干软布擦，潮湿的天气多擦几次。
    不要用钢丝球和酸碱清洁剂，电镀层会花。
    螺丝每半年拧紧一次。
care-rattan =
    避免暴晒和太干，每月用微湿的布擦一次。
    缝隙用软毛刷或吸尘器清理。
    不要踩，也不要让一处长期受重压。
care-latex =
    不要晒太阳，不要水洗，阴凉通风处晾。
    头三个月每两周换头尾，以后每季度一次。
    用透气的床架和保护套。
care-unknown = { $code }

## 礼品
gifts = 礼品
gift-add = 记一份礼品
gifts-empty = 还没有送过礼品。
gift-for-purchase = 感谢购买
gift-for-birthday = 生日
gift-for-moving_in = 乔迁
gift-for-holiday = 节日
gift-for-referral = 感谢转介绍
gift-for-apology = 致歉
gift-for-unknown = { $code }

## 转介绍
referrals = 转介绍
referral-words-hint = 可以只写名字；介绍人有卡片时再选卡片。
referral-search = 查找介绍人的卡片
referral-found = 找到的卡片
referral-none-found = 本机没有这样的卡片。
referral-take-off = 不再关联这张卡片
referral-chain = 转介绍的来路
referral-this = 这位顾客
referral-not-here = 不在本机的卡片
referral-circle = 转介绍绕成了一圈，其中一位的介绍人有误。
referral-brought = 带来的顾客
referral-asked = 请求过转介绍
referral-not-asked = 还没有；记联系时目的选“请求转介绍”。

## 家庭与生日
family = 家庭成员
family-add = 添加成员
family-empty = 还不知道家里有谁。
relation-spouse = 配偶
relation-son = 儿子
relation-daughter = 女儿
relation-father = 父亲
relation-mother = 母亲
relation-wifes_father = 岳父
relation-wifes_mother = 岳母
relation-husbands_father = 公公
relation-husbands_mother = 婆婆
relation-grandchild = 孙辈
relation-unknown = { $code }
birthday-hint = 如 1985-10-30、10月30日、农历八月十五、农历闰四月初三
birthday-unread = 读不出日期。可写：1985-10-30、10月30日、农历八月十五
birthday-is = 生日 { $birthday }
birthday-solar = 公历{ $month }{ $day }日
birthday-lunar = 农历{ $month }月{ $day }日
birthday-leap = 农历闰{ $month }月{ $day }日
birthday-next = 下次 { $day }

## 同意与拒绝
consents = 联系意愿
consent-choice-given = 同意
consent-choice-refused = 拒绝
consent-choice-not_asked = 未问
consent-choice-unknown = { $code }
do-not-call = 请勿来电
do-not-message = 不发短信
do-not-wechat = 不发微信
do-not-mail = 不发邮件
do-not-home_visit = 不上门
do-not-unknown = { $code }
do-not-call-since = 顾客在 { $day } 说过不希望接到电话。
do-not-call-advice = 请改用其他方式；只有交货、售后等非打不可的事才打，并先道歉。
do-not-call-leave = 不打
do-not-call-anyway = 仍要打
sensitive-off = 身份证号、健康、宗教、收入等敏感信息已关闭：本店的设置不保存这些。
sensitive-ask = 身份证号、健康、宗教、收入等敏感信息，要顾客同意保存后才会显示。
sensitive-hidden = （敏感信息，不显示）

## 核对
unverified-count = { $count } 条资料来自导入或顾客填写，还没有核对。
unverified-confirm = 全部确认
quality-missing = 基本资料还缺：
route-order-unread = 路序请写一个整数，如 3

## 身份
weight-label-main = 主力顾客
weight-label-general = 一般顾客
weight-label-scattered = 零散顾客
weight-label-unknown = { $code }
loyal = 忠诚顾客：享受本店优惠

## 谈话要点
talking-points = 谈话要点
talk-quality =
    请顾客坐、躺、拉抽屉：框架、五金、走线都让他自己摸。
    讲清楚质保几年、坏了多久上门。
    拿一件用了五年的样品或老顾客的照片。
talk-style =
    先问家里地面、墙面和窗帘的颜色，再指货。
    给两套同空间的搭配，不要一次给五套。
    请顾客拍下喜欢的角落，带回家对着看。
talk-price =
    先说能用多少年，再算每天多少钱。
    把价格拆开：材料、五金、送装、质保各值多少。
    给高低两个方案，不先降价；有活动就说清到哪天。
talk-comfort =
    请全家都坐五分钟，问腰和脚的感觉。
    软硬、坐深、靠背高度都有得选，当场换着试。
    床垫请按平时睡姿躺，侧躺看腰有没有托住。
talk-delivery =
    先问入住和装修的日子，再倒推下单的日子。
    现货、订货、样品各要多久，说实话，留余地。
    每个节点谁通知他，写在单子上。
talk-material =
    拿小样给他：摸、看断面、滴水试。
    说清哪里用实木、哪里用板，不含糊。
    这种材质怎么保养，三句话讲完。
talk-health =
    出示环保等级和检测报告，指给他看数字。
    家里有孩子、老人或孕妇的，推荐水性漆和可拆洗面料。
    请他打开柜门自己闻。
talk-service =
    送装、补漆、维修由谁来、几天到，说具体。
    讲一个出了问题怎样解决的真事。
    留下自己的电话和微信，说好下次联系的日子。
talk-brand =
    讲店开了多少年，附近哪些小区用了。
    请他看同小区老顾客的实景照片。
    说品牌好在哪三点，不说别家不好。
talk-unknown = { $code }
