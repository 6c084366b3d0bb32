# Searching, filters and saved views of lists
search-hint = Name, pinyin, phone, compound
filters = Filters
filter-all = All
filter-more = Filters
filter-chosen = Filters { $count }
filter-reset = Reset
filter-show = { $count ->
    [one] Show { $count } customer
   *[other] Show { $count } customers
}
filter-class = Class
filter-mark = State
filter-owner = Responsible
filter-source = How they found us
filter-area = Area
filter-not-told = Not told
mark-filter-overdue = Overdue
mark-filter-due_today = Due today
mark-filter-no_next_step = No next step
mark-filter-never_contacted = Never contacted
mark-filter-conflict = Two values
mark-filter-unsent = To be sent
mark-filter-unknown = { $code }
order = Order
order-recent = Latest contact first
order-next = Next step first
order-name = By name
order-newest = Newest card first
order-silent = Longest without contact first
order-unknown = { $code }
views-title = Views of your own
view-name = Keep this list under a name
view-save = Keep
view-forget = Forget the view “{ $name }”
views-full = No more room: a view with the same name is replaced, or forget one first.
