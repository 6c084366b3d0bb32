### 到店接待：谁现在在店里，接待九步，记录到店。

reception-begin = 到店接待
reception-since = { $time } 起在店
reception-steps = 接待九步
reception-log = 记录到店
reception-log-with = 记录到店：{ $name }
reception-left = 离店
reception-left-of = 离店：{ $name }
script-reception =
    吸引：招呼一声，让顾客自在地看
    接待：问好，自我介绍，请坐倒水
    了解需求：何人、何时、何物、何处、为何、如何
    介绍：按需求讲产品，说清为什么合适
    试用体验：请顾客坐一坐、摸一摸、打开看
    处理异议：先听完，表示理解，再解答
    报价成交：报总价，请顾客下定
    交付：说定送货、安装和付款
    保持联系：说定下一步和日期

## 新建卡片
visit-now = 现在在店
visit-later = 顾客离店前，在“今日”最上面或卡片上记录到店、说了什么和下一步。

## 历史
history-reception = 到店接待
