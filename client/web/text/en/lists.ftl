# Searching, filters and saved views of lists
search-hint = Name, phone, compound, tag…
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
filter-mark = Next step and work
filter-customer = About the customer
filter-life-cycle = Life-cycle
filter-weight = Weight
filter-grade = Grade
filter-kind = Kind
filter-tag = Tag
filter-region = Region
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
mark-filter-birthday_this_month = Birthday this month
mark-filter-open_issue = Open issue
mark-filter-do_not_call = Do not call
mark-filter-has_bought = Has bought
mark-filter-never_bought = Never bought
mark-filter-introduced = Introduced by somebody
mark-filter-incomplete = Card under 60 %
mark-filter-stale = Not confirmed for long
mark-filter-unknown = { $code }
order = Order
order-recent = Latest contact first
order-next = Next step first
order-name = By name
order-newest = Newest card first
order-silent = Longest without contact first
order-main = Main customers first
order-route = As a round goes
order-birthday = Next birthday first
order-unknown = { $code }
views-title = Views of your own
view-name = Keep this list under a name
view-save = Keep
view-forget = Forget the view “{ $name }”
views-full = No more room: a view with the same name is replaced, or forget one first.
mark-do-not-call = Does not want to be called
mark-open-issue = An issue is open

# The form of a new card
guide = First-visit questions
guide-count = { $count } of { $all }
guide-source = How they heard of us
guide-other-words = Other words
guide-heard = In their words (which advertisement, who …)
referrer-who = Who introduced them
referrer-hint = Type a name or phone, then tap the card
referrer-cards = Cards that fit
referrer-designer = Which designer
referrer-is = Introduced by { $name }
referrer-forget = Take { $name } out
visit-none = Not yet
visit-log = Log this visit as a contact
visit-and-next-step = First visit and next step
missing-next-step-a = An A customer always has a next step: choose when, or “none, because…”
missing-next-step-visit = Every visit ends with a next step: choose when, or “none, because…”
new-card-visit-left = The card is saved. The visit and its next step are not yet: try again.
phone-second = Another phone

# Re-sorting
resort-open = Re-sort the cards ({ $count })
review = A and B to look at
review-open = A and B to look at ({ $count })
review-count = { $count ->
    [one] 1 card
   *[other] { $count } cards
 }
review-class = Class { $class } ({ $count })
review-looked-at = Looked at
review-looked-at-of = Looked at the card of { $name }
review-last = Last contact: { $day }
review-last-note = Last contact: { $day } · { $note }
review-no-contact = No contact yet
review-empty = Every card of class A and B was looked at
review-empty-advice = Class A comes up again { $a ->
    [one] every day
   *[other] every { $a } days
 }, class B { $b ->
    [one] every day
   *[other] every { $b } days
 }. What has work today is looked at with it and is not here.
