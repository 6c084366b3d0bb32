### 今日：按顺序要做的事、什么时候打电话、说什么。

today-ways = 开始工作
new-walk-in = 新到店顾客
consultant = 设计顾问
all-consultants = 全部顾问
today-nothing-due = 今天的事都做完了
today-nothing-due-advice = 可以看看未来七天，或者打开一位顾客，计划下一步。
today-done = 今天已联系 { $count } 位
agenda-in_store = 今天到店
agenda-appointments = 到店与上门预约
agenda-follow_ups_a = A 类跟进
agenda-contacts = B、C 类联系
agenda-prospecting = 生日与久未联系
agenda-unknown = 其他（{ $code }）

## 标准
standard-calls-a = 今日 A 类电话
standard-contacts-bc = 本周 B、C 类联系
standard-visits = 今日到店与上门
standard-new-cards = 本周新卡

## 为什么是现在
why-first-visit = 今天第一次到店：下班前写一句感谢
why-first-visit-late = { $days } 天前第一次到店，还没有感谢
why-birthday = 今天生日：问候，不谈销售
why-birthday-late = { $days } 天前生日，还没有问候
why-birthday-lunar = 今天农历生日：问候，不谈销售
why-birthday-lunar-late = { $days } 天前农历生日，还没有问候
why-review-a = A 类没有下一步，{ $days } 天未联系
why-weekly-b = B 类每周联系，已 { $days } 天
why-monthly-c = C 类每月联系，已 { $days } 天
why-quiet = { $days } 天没有任何联系
why-quiet-main = 主力顾客，{ $days } 天没有联系
why-after-purchase = 购后第 { $days } 天：{ $product }用得怎么样？
why-family-birthday = { $days ->
        [0] 今天是{ $name }的生日
       *[other] { $name }的生日已过 { $days } 天
    }
why-lunar = （农历）
why-issue-open = 问题待处理：{ $what }
why-issue-promised = 承诺到期：{ $what }
why-issue-solved = 已解决，问问是否满意：{ $what }
why-issue-dissatisfied = 顾客不满意：{ $what }
why-warranty = { $product }的质保{ $day }到期
why-replacement = { $product }可能到了更换的时候
why-expected = 预计{ $day }购买，还没有安排
kept-leap_day = （今年没有 2 月 29 日，按 28 日过）
kept-short_month = （这个月没有三十，按廿九过）
kept-no_leap_month = （今年没有这个闰月，按平月过）
kept-unknown = （{ $code }）
promised-step = 已答应：{ $what }（{ $day }）
promised-note = 上次说：{ $note }

## 什么时候打
call-level-best = 最佳时间
call-level-fine = 可以打
call-level-better_not = 最好别打
call-level-no = 现在不要打
call-level-unknown = { $code }
call-reason-preferred = 顾客自己定的时间
call-reason-not_preferred = 不是顾客要求的时间
call-reason-occupation = 适合这个职业
call-reason-not_occupation = 不适合这个职业
call-reason-too_early = 太早
call-reason-preparing = 先做准备
call-reason-morning = 上午最好的时段
call-reason-late_morning = 午休之前
call-reason-midday = 午休
call-reason-not_for_business = 刚上班，不谈业务
call-reason-afternoon = 下午
call-reason-evening = 晚上是顾客自己的时间
call-reason-too_late = 太晚
call-reason-monday = 周一尽量不打，要打就下午
call-reason-friday = 周五适合确认
call-reason-unknown = { $code }
call-for-occupation = 适合{ $occupation }
call-not-for-occupation = { $occupation }这时不方便
call-until = 到 { $time }
call-next = 下次好时间 { $time }
call-preferred = 顾客方便：{ $words }
occupation-accountant = 会计（月中）
occupation-pharmacist = 药剂师
occupation-doctor = 医生（雨天也合适）
occupation-stock_trader = 股民（收盘后）
occupation-banker = 银行职员
occupation-civil_servant = 公务员
occupation-artist = 艺术家
occupation-restaurateur = 餐饮业主
occupation-builder = 建筑商
occupation-lawyer = 律师
occupation-teacher = 教师
occupation-retailer = 零售店主
occupation-journalist = 记者
occupation-homemaker = 家庭主妇
occupation-administrator = 行政人员
occupation-salesperson = 销售人员
occupation-merchant = 商人
occupation-employee = 公司职员
occupation-unknown = { $code }

## 动作
reach-call = 打电话
reach-message = 发短信
reach-mail = 写邮件
reach-wechat = 复制微信
reach-card = 看资料卡
message-name = 给{ $name }发短信
mail-name = 给{ $name }写邮件
wechat-name = 复制微信：{ $name }
wechat-copied = 已复制 { $wechat }
call-by-code = 用手机扫码打给{ $name }
call-by-code-hint = 用手机相机扫一下就能拨号。
work-done = 完成
not-now-of = 现在不联系{ $name }，另约时间
put-off-title = 改到什么时候？
put-off-to = 改到
put-off = 改期
script = 怎么说
script-thank_you =
    称呼顾客，报姓名和门店
    感谢今天到店，提一件顾客喜欢的东西
    答应的资料什么时候发
script-birthday =
    称呼顾客，报姓名和门店
    送上生日祝福，问问近况
    不谈产品，不谈活动
script-care =
    称呼顾客，报姓名和门店
    问方案、订单或家具的情况
    给建议，答应的事说清日期
script-keep_in_touch =
    称呼顾客，报姓名和门店
    问候，问房子和计划有没有变化
    说一件与顾客有关的新品或活动
    约好下次什么时候联系
script-follow_up =
    称呼顾客，报姓名和门店，问现在方便吗
    从上次说的事接着谈
    问还有什么顾虑，约到店或上门
    说定下一步和日期
script-store_visit =
    提前确认时间和同来的人
    备好样品、报价和上次的记录
    顾客离开前说定下一步
script-home_visit =
    提前确认地址、时间和电梯
    带好卷尺、面料样册和资料
    量尺拍照，说定下一步
script-after_purchase =
    称呼顾客，报上姓名和门店
    问家具用得怎么样
    按材质讲保养，听取建议
    有投诉：先道歉，承诺日期，记为问题
script-occasion =
    称呼顾客，报上姓名和门店
    节日问候，或介绍会员活动
    邀请到店并说定日期；拒绝时问原因并致谢
script-promotion =
    称呼顾客，报上姓名和门店
    说明活动里有哪些适合他看过的产品
    说清日期和现货，约定到店
script-service =
    先道歉，听完
    复述问题，承诺谁在什么时候解决
    解决后问是否满意
script-upkeep =
    称呼顾客，报上姓名和门店
    问家具情况；质保到期前约一次检查
    介绍可以搭配或更换的产品
script-referral =
    感谢信任
    问亲友或邻居有谁在装修
    说明会怎样招待介绍来的客人
script-unknown = { $code }

## 一周
week-title = 未来七天
week-nothing = 没有安排
week-rest = 还有 { $count } 项
week-birthday = 生日

## 设置
setting-work = 工作标准与节奏
setting-standards = 每位顾问至少做多少（0 为不要求）
setting-cadence = 多久联系一次（天）
setting-calling = 打电话的时间
setting-daily-calls = 每天 A 类电话
setting-weekly-contacts = 每周 B、C 类联系
setting-daily-visits = 每天到店与上门
setting-weekly-cards = 每周新卡
setting-a-days = A 类过目间隔
setting-b-days = B 类过目、联系间隔
setting-c-days = C 类联系间隔
setting-quiet-days = 多少天没联系算久未联系
setting-birthday-days = 生日过后保留
setting-thanks-days = 感谢留言保留
setting-number-hint = 默认 { $usual }，{ $least } 到 { $most }。
setting-hour-hint = 默认 { $usual }。
setting-preparing-from = 开始准备
setting-best-from = 最佳时段开始
setting-best-until = 最佳时段结束
setting-midday-from = 午休开始
setting-midday-until = 午休结束
setting-business-from = 可以谈业务
setting-business-until = 下班
setting-evening-until = 最晚
error-invalid_standards = 标准不能超过 500。
error-invalid_cadence = 联系间隔的天数不在范围内。
error-invalid_calling_hours = 打电话的时间要一个接一个。
error-invalid_class_rules = 归类规则的数字超出范围。
error-invalid_quality_rules = 资料完整度的数字超出范围。
error-invalid_dealing_rules = 金额必须逐级增加。
