# One-time codes and questions
time-left = 还有 { $time }
one-time-code = 登记码
one-time-until = 有效至 { $until }
confirm-type = 请输入 { $code } 确认
