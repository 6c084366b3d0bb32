# One-time codes and questions
time-left = 还有 { $time }
one-time-code = 登记码
one-time-until = 有效至 { $until }
confirm-type = 请输入 { $code } 确认

# Administration
administration = 管理
read-again = 重新读取
list-and = 、
yes = 是
no = 否

# People
role-consultant = 设计顾问
role-manager = 店长
role-office = 财务/后台
role-display = 视觉展示
role-admin = 管理员
role-unknown = { $code }
person = 人员详情
people-choose = 点一位同事，在这里看岗位和登录
people-search = 查找同事
people-count = { $count } 位同事
people-left = 已离职或停用
person-left = 已停用
person-name-hint = 同事看到的姓名，也用来登录。
person-access = 登录
person-has-password = 已设密码。忘记密码时，生成一个新的一次性链接。
person-needs-link = 还没有密码：生成一次性链接，当面交给本人。
posts = 岗位
posts-home = 主门店（新卡片建在这里）
posts-add-store = 再加一家门店
posts-choose-store = 选择门店…
posts-admin = 管理员：管理整个连锁的人员、门店和平板
posts-lost = 去掉的岗位不再能看到那里的顾客；平板上的相应内容会在下次联网时删除，没有发送的会先送到。
person-leaving = 离职
person-leaving-explained = 停用后立即退出所有平板，以后可以恢复。
person-is-me = 这是您自己，不能停用自己。
person-disable = 停用
person-disable-title = 停用{ $name }？
person-disable-sessions = 立即在所有平板上退出，平板上的钥匙在下次联网时删除。
person-disable-work = 平板上还没有发送的内容照样送到门店，不会丢失。
person-disable-cards = 名下有 { $count } 张卡片：停用之前可以先交接给同事，之后也可以。
person-disable-history = 记录里的姓名会保留。
person-left-explained = 已停用，不能登录。恢复后用原来的密码登录。
person-back = 恢复

# Stores
stores = 门店
stores-choose = 点一家门店，在这里看设置
stores-count = { $count } 家门店
stores-add = 添加门店
store-code-for-ever = 例如 HZ1，会写进卡号，以后不能改。
store-identity = 名称与时区
store-settings = 门店设置
setting-books = 顾问可以互相查看顾客
setting-books-hint = 默认关闭：每位顾问只看自己的顾客，店长看全店。
setting-books-opens = 打开后，这家店每位顾问的平板都会收到全店的顾客。
setting-lock = 多少分钟不碰就锁定
setting-lock-hint = 默认 { $usual }，{ $least } 到 { $most } 分钟。
setting-lease = 多少天不联网还能用 PIN 打开
setting-lease-hint = 默认 { $usual }，{ $least } 到 { $most } 天。
setting-out-of-bounds = 有数字不在范围内

# Tablets
tablets = 平板
tablet = 平板详情
tablets-choose = 点一台平板，在这里看它的情况
tablets-count = { $count } 台平板
tablets-add = 添加平板
tablets-step-1 = 在新平板上打开浏览器；苹果平板请先把本页添加到主屏幕。
tablets-step-2 = 在这里生成登记码，用新平板的相机扫，或者手动输入。
tablets-step-3 = 登记码 10 分钟内有效，只能用一次。
tablets-code-make = 生成登记码
tablets-code-again = 再生成一个
tablets-code-ended = 登记码已过期。
tablets-scan = 用新平板的相机扫描，或者在新平板上打开本站地址并输入登记码。
tablets-link = 登记链接
tablets-waiting = 等待新平板登记…
tablets-enrolled = 已登记：{ $code }
tablets-another = 再添加一台
tablet-contact = 最近联系 { $at }
tablet-no-contact = 还没有联系过
tablet-state-retiring = 退役中
tablet-state-retired = 已退役
tablet-state-stolen = 已挂失
tablet-state-erased = 已清空
tablet-state-unknown = { $code }
tablet-is-here = 就是这台平板
tablet-facts = 情况
tablet-people = 登录过的人
tablet-nobody = 还没有人
tablet-last-contact = 最近联系
tablet-books = 使用者现在可看的
tablet-books-before = 以前给过的
tablet-books-before-hint = 这台平板上已没有人可以看。下次联系时，先送到没有发送的内容，再从它上面删除。
tablet-books-count = { $count } 本簿
tablet-clock = 时钟
tablet-clock-short = 时钟{ $offset }
tablet-clock-right = 准
tablet-clock-ahead = 快 { $amount }
tablet-clock-behind = 慢 { $amount }
clock-seconds = { $count } 秒
clock-minutes = { $count } 分钟
clock-hours = { $count } 小时
tablet-held = 存过什么
tablet-held-explained = 谁在它上面登录过，给过它哪些簿、各有多少张卡：遗失后可以打印。审计会记下是谁查看的。
tablet-held-show = 显示以便打印
tablet-held-at = 截至 { $at }
tablet-held-print = 打印
tablet-held-book = 簿
tablet-held-owner = 归属
tablet-held-cards = 现有卡数
tablet-held-standing = 情况
tablet-held-note = 曾经给过它的簿，和簿里现在的卡。之后离开的卡不计。
tablet-enrolled = 登记
tablet-erased = 已通知清空
tablet-erased-waiting = { $count ->
        [0] 当时没有未发送的改动
       *[other] 当时有 { $count } 项未发送的改动
    }
tablet-emptied = 平板确认已清空
tablet-emptied-unknown = 还没有确认
tablet-name = 名称
book-cards = 顾客簿
book-accounts = 往来簿
book-common = 门店公共簿
book-office = 财务簿
book-cover = 代管的顾客
book-unknown = { $code }
book-unseen = 以及另外 { $count } 本
book-none = 没有
trouble-not-persistent = 浏览器没有保证长期保留数据，请安装到主屏幕
trouble-nearly-full = 存储空间快满了
trouble-clock-ahead = 时钟快了 { $count } 分钟
trouble-clock-behind = 时钟慢了 { $count } 分钟
trouble-silent = { $count } 天没有联系
trouble-retiring = 正在退役：等它联网，送到没有发送的内容后清空
trouble-stolen = 已挂失，还没有联系到：一联网就会清空
trouble-not-confirmed = 已通知它清空，但它还没有确认，请继续找它
tablet-giving-up = 不再使用
tablet-retire = 退役
tablet-retire-explained = 退役：先把没有发送的内容送到门店，然后清空。
tablet-retire-title = 让 { $code } 退役？
tablet-retire-delivers = { $count ->
        [0] 它上次报告没有待发送的内容；之后产生的也会先送到。
       *[other] 它上次报告有 { $count } 项待发送，会先送到门店。
    }
tablet-retire-empties = 然后它上面的顾客资料全部删除，要再用须重新登记。
tablet-code-stays = 编号不会再给别的平板，卡号保持唯一。
tablet-stolen = 挂失
tablet-stolen-explained = 挂失：下次联网时立即清空，不管有没有发送完。
tablet-stolen-title = 挂失 { $code }？
tablet-stolen-empties = 它一联网就清空，上面的登录立即失效。
tablet-stolen-loses = { $count ->
        [0] 它上次报告没有待发送的内容。
       *[other] 它上次报告有 { $count } 项待发送，会丢失。
    }
tablet-stolen-offline = 一直不联网的话，上面的内容是加密的，没有 PIN 打不开。

# Errors of administration
error-other_store = 这位同事不在这家门店。
error-not_their_customer = 有顾客已经不在这位顾问名下，请重新选择。
error-handover_running = 这些顾客正在交接，请等它完成。
error-no_such_handover = 这次交接已经结束。
error-not_enrolled = 这台平板还没有登记，或者已经退役。请向管理员要一个登记码。
error-no_such_tablet = 没有这台平板。
error-invalid_until = 代管的日期须在今天之后、一年以内。
error-invalid_note = 给接手人的话太长。
error-invalid_customers = 请选择 1 到 1000 位顾客。
error-same_person = 请选择另一位同事。
error-no_rescue_file = 这不是 Floorbook 的救援文件，或来自更新的版本。
error-rescue_damaged = 救援文件已损坏。

# Rescue files
rescue = 读入救援文件
rescue-explained = 平板不能再联网时，可以在它上面把没有发送的内容存成加密的文件（姓名 → 从这台平板退出），再在这里读入。同一个文件读两次不会重复。
rescue-taken = 已读入 { $count } 项改动
rescue-refused = { $count } 项没有接收：

## 规则的数字
settings-cadence = 购后回访与久未联系的主力顾客
settings-classes = 分类：何时建议换类
settings-dealings = 往来：新老、主力、忠诚顾客与等级
settings-quality = 资料完整与新鲜
settings-unknown = { $code }
settings-explained-cadence = 购买或送货后第几天回访，以及主力顾客多久没联系要提醒。
settings-explained-classes = 系统给出建议和理由，由人决定。
settings-explained-dealings = 按资料卡上的购买计算。金额以元为单位，等级门槛逐级递增。
settings-explained-quality = 资料卡上圆环的算法，以及多久之后应再确认。
settings-explained-unknown = { $code }
setting-occupations = 各职业的联系时间
setting-occupations-hint = 留空则按名称旁的时间。顾客自己的时间优先于一切。
setting-occupations-wrong = 开始和结束要一起填写，开始要早于结束。
setting-occupation-from = { $name }，从
setting-occupation-until = { $name }，到
setting-after-first = 购后第一次回访：第几天
setting-after-second = 第二次：第几天
setting-after-third = 第三次：第几天
setting-after-stays = 回访在列表中保留几天
setting-main-quiet = 主力顾客多少天没联系要提醒
setting-ahead = 保修到期或预计购买前多少天提醒
setting-satisfaction-days = 问题解决后第几天问是否满意
setting-fruitless = 连续几次没有下一步，建议 D
setting-quiet-a = 多少天没联系，不再是 A
setting-active = 多少天内有下一步或进展，保持 A
setting-kept = 人工保留的分类保持多少天
setting-sign = 多少天内预计购买，不建议 D
setting-new = 首次购买后多少天内算新顾客
setting-general = 一般顾客：累计（元）起
setting-main = 主力顾客：累计（元）起
setting-long = 往来满多少天，分量升一级
setting-silver = 银卡：累计（元）起
setting-gold = 金卡：累计（元）起
setting-diamond = 钻石卡：累计（元）起
setting-loyal = 忠诚顾客优惠：累计（元）起
setting-hard-percent = 硬档案占多少分（满分 100）
setting-stale = 资料多少天后应再确认
setting-unknown = { $code }
setting-yuan-hint = 默认 { $usual } 元。
setting-usual = 恢复默认
setting-sensitive-title = 敏感信息
setting-sensitive = 顾客同意后可以保存敏感信息
setting-sensitive-hint = 身份证号、收入、健康、宗教等。默认关闭。打开后，也只有记录了顾客同意的资料卡才会出现这些栏目。
setting-sensitive-on = 打开后，有顾客同意记录的资料卡会出现这些栏目。请告诉团队为什么需要这些信息。
setting-sensitive-off = 关闭后，资料卡不再出现这些栏目；已经记录的内容保留在卡片历史中。
