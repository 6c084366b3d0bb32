# One-time codes and questions
time-left = { $time } left
one-time-code = Code
one-time-until = Works until { $until }
confirm-type = Type { $code } to confirm
