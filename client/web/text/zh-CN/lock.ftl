# The lock screen
lock-title = 谁在用这台平板？
lock-someone-else = 其他人
lock-someone-else-note = 用密码登录
lock-nobody = 还没有人在这台平板上登录过
lock-nobody-advice = 用姓名和密码登录一次，之后用 PIN 就能打开。
lock-people = 用过这台平板的人
tile-waiting = { $count } 项待发送
tile-attention = { $count } 项需要处理
tile-lease = { $day }前需要联网
tile-sign-in = 需要联网用密码登录
pin-digits = 已输入 { $count } 位
pin-delete = 删除
pin-open = 打开
pin-next = 下一步
pin-of = { $name }的 PIN
passphrase-of = { $name }的口令
passphrase = 口令
unlock-title = { $name }，请输入 PIN
unlock-title-passphrase = { $name }，请输入口令
unlock-trying = 正在打开…
unlock-wrong = 不对，还可试 { $count } 次。
unlock-wrong-last = 不对，只剩最后一次。再错的话，本机就不再能用 PIN 打开，只能联网用密码登录；没有发送的内容会留着，不会丢失。
unlock-forgot = 忘记了，用密码登录
unlock-other = 换一个人
unlock-ended-tries = 错了太多次，PIN 不再能打开
unlock-ended-tries-explained = 请联网用密码登录，再设一个新的 PIN。{ $count ->
        [0] 没有丢失任何内容。
       *[other] 您有 { $count } 项没有发送，都还在本机，加密保存着，没有丢失。
    }
unlock-ended-lease = 太久没有联网，PIN 不再能打开
unlock-ended-lease-explained = 这是为了让丢失的平板自己锁住。请联网用密码登录，所有顾客会重新收到。{ $count ->
        [0] 没有丢失任何内容。
       *[other] 您有 { $count } 项没有发送，都还在本机，加密保存着，没有丢失。
    }
lease-warning = 这台平板需要在{ $day }前联网一次，否则到时只能用密码登录才能打开。
lock-now = 锁定
switch-to = 换成{ $name }
change-pin = 修改 PIN
change-pin-title = 修改 PIN 或口令
sign-out-tablet = 从这台平板退出
who-menu = { $name }：锁定、换人、退出
standing-locked = 已锁定 · 没有待发送
problem-wrong_secret = 现在的 PIN 或口令不对。

unlock-has-passphrase = 我用的是口令
unlock-has-pin = 我用的是 PIN
unlock-ended-damage = 本机上您的钥匙损坏了，PIN 打不开
unlock-ended-damage-explained = 请联网用密码登录，再设一个 PIN。{ $count ->
        [0] 没有丢失任何内容。
       *[other] 您有 { $count } 项没有发送，都还在本机，加密保存着，没有丢失。
    }
unlock-storage = 没能写入本机，所以没有尝试。请再试一次；如果还不行，请重新载入页面。
sign-in-other-tablet = 这个浏览器以前登记为另一台平板，还有那台平板没有发送的内容。请先让它发送完。
sign-out-do = 退出
sign-out-explained = 您的钥匙和只有您有的顾客会从这台平板上删除。门店里的都还在；再用密码登录就会回来。
sign-out-unsent = 您还有 { $count } 项没有到门店，现在退出会丢失。等发送完就可以退出。
sign-out-refused = 您还有 { $count } 项门店没有接收的内容，请先在“保存与发送”里决定怎么办。
rescue-file-explained = 这台平板如果不能再联网：可以把没有发送的内容存成一个加密的文件，交给管理员读进门店。
rescue-save = 存成救援文件
rescue-saved = “{ $name }”已交给浏览器保存，里面的 { $count } 项只有这一份：请在下载里找到它，保管到管理员读进门店为止。
reset-open = 清空这台平板…
reset-tablet = 清空这台平板
reset-do = 现在清空
reset-explained = 这台平板上所有的顾客资料、钥匙和没写完的内容都会删除。门店里的都还在。之后要由管理员重新登记，才能再用这台平板工作。
reset-others = 还有人在用这台平板：{ $names }。
reset-unsent = 这台平板上还有 { $count } 项没有到门店，现在清空会丢失。等发送完就可以清空。
reset-refused = 还有 { $count } 项门店没有接收的内容，请本人先在“保存与发送”里决定怎么办。
problem-locked = 平板锁定了，没有保存；您输入的内容还在。

# A new PIN
secret-title = 设一个 PIN
secret-explained = 以后用它打开这台平板上您的顾客，不需要网络。
secret-first = 新的 PIN，至少 { $least } 位数字
secret-again = 再输入一次
secret-differs = 两次不一样，请重新设。
secret-use-passphrase = 用口令代替 PIN
secret-use-pin = 用 PIN 代替口令
secret-passphrase-hint = 至少 { $least } 个字，可以是一句话；比 PIN 更难猜。
secret-set = 设好并打开
secret-setting = 正在加密…
secret-pin_short = PIN 至少要 6 位数字。
secret-pin_trivial = 这个 PIN 别人最先会试（重复、连号或键盘上的一排），请换一个。
secret-passphrase_short = 口令至少要 8 个字。
secret-passphrase_trivial = 这个口令别人最先会试，请换一个。
secret-passphrase_long = 口令太长。
secret-unknown = 不能用这个（{ $code }），请换一个。
secret-current = 现在的 PIN 或口令
secret-changed = 已修改。下次用新的打开。
secret-change-do = 修改

# Signing in on this tablet
sign-in-again-for = { $name }，请用密码登录
sign-in-network = 这一步需要连到门店的服务器。
sign-in-keeps = 没有发送的内容都会保留。

# Enrolling a tablet
enrol-title = 登记这台平板
enrol-explained = 登记后，同事可以在这台平板上登录。顾客资料在本机加密保存。
enrol-code = 登记码
enrol-code-hint = 管理员在“更多 → 平板”里生成，10 分钟内有效，只能用一次。
enrol-name = 这台平板叫什么
enrol-name-hint = 例如“展厅平板 3”，同事在名单里看到它。
enrol-name-suggested = 展厅平板 { $number }
enrol-do = 登记
enrol-done = 已登记为 { $code }
enrol-done-explained = 卡号里会用到这个编号。
enrol-keeping = 浏览器会长期保留本机数据吗？
enrol-ask-keeping = 请浏览器长期保留
enrol-home-first = 先把本页添加到主屏幕，再从主屏幕打开并登记：主屏幕上的应用有自己的存储，在这里登记的它看不到。
enrol-home-how = 点浏览器的分享按钮，选“添加到主屏幕”。
enrol-here-anyway = 就在浏览器里登记
enrol-who = 登录
enrol-already = 这台平板已经登记为 { $code }，不需要再登记。
enrol-needed = 这台平板还没有登记
enrol-needed-explained = 请管理员生成一个登记码，用这台平板的相机扫，或者在这里输入。

# A tablet that was emptied
erased-retired = 这台平板已退役
erased-stolen = 这台平板已被清空
erased-retired-explained = 本机上的顾客资料都已删除；没有发送的内容在退役前先送到门店。
erased-stolen-explained = 它已挂失。本机上的顾客资料都已删除。
erased-reset = 这台平板已清空
erased-reset-explained = 上面所有的顾客资料和钥匙都删除了。
erased-reset-told = 门店已经知道，并把它列为停用。
erased-reset-untold = 门店还不知道。这台平板一有网络就会告诉门店；请让这个页面开着，或到时再打开。
erased-lost = { $count } 项没有发送的改动随之删除。
erased-nothing-lost = 没有未发送的改动。
erased-again = 重新登记这台平板
retiring-title = 这台平板正在退役
retiring-explained = 还没有发送的内容正在送到门店，之后本机会被清空。
