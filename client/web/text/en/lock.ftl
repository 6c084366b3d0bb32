# The lock screen
lock-title = Who is using this tablet?
lock-someone-else = Someone else
lock-someone-else-note = Sign in with a password
lock-nobody = Nobody has signed in on this tablet yet
lock-nobody-advice = Sign in once with name and password; from then on a PIN opens it.
lock-people = People of this tablet
tile-waiting = { $count } to be sent
tile-attention = { $count } { $count ->
        [one] needs
       *[other] need
    } attention
tile-lease = Needs the network by { $day }
tile-sign-in = Needs a password and the network
pin-digits = { $count ->
        [one] { $count } digit
       *[other] { $count } digits
    } typed
pin-delete = Delete
pin-open = Open
pin-next = Next
pin-of = PIN of { $name }
passphrase-of = Passphrase of { $name }
passphrase = Passphrase
unlock-title = { $name }, please enter your PIN
unlock-title-passphrase = { $name }, please enter your passphrase
unlock-trying = Opening…
unlock-wrong = Not right. { $count ->
        [one] { $count } try is
       *[other] { $count } tries are
    } left.
unlock-wrong-last = Not right, and only one try is left. After another wrong one the PIN no longer opens this tablet: only your password and the network do. Unsent work stays here, nothing is lost.
unlock-forgot = I forgot it: sign in with my password
unlock-other = Someone else
unlock-ended-tries = Too many wrong tries: the PIN no longer opens
unlock-ended-tries-explained = Please connect to the network, sign in with your password and choose a new PIN. { $count ->
        [0] Nothing is lost.
        [one] { $count } change of yours was not sent yet; it is still on this tablet, encrypted, and not lost.
       *[other] { $count } changes of yours were not sent yet; they are still on this tablet, encrypted, and not lost.
    }
unlock-ended-lease = Too long without the network: the PIN no longer opens
unlock-ended-lease-explained = This is how a lost tablet locks itself. Please connect to the network and sign in with your password; all customers arrive again. { $count ->
        [0] Nothing is lost.
        [one] { $count } change of yours was not sent yet; it is still on this tablet, encrypted, and not lost.
       *[other] { $count } changes of yours were not sent yet; they are still on this tablet, encrypted, and not lost.
    }
lease-warning = This tablet needs the network once before { $day }. After that only a password opens it.
lock-now = Lock
switch-to = Switch to { $name }
change-pin = Change PIN
change-pin-title = Change PIN or passphrase
sign-out-tablet = Sign out of this tablet
who-menu = { $name }: lock, switch, sign out
standing-locked = Locked · nothing to be sent
problem-wrong_secret = The present PIN or passphrase is not right.

unlock-has-passphrase = I have a passphrase
unlock-has-pin = I have a PIN
unlock-ended-damage = Your keys on this tablet are damaged: the PIN does not open them
unlock-ended-damage-explained = Please connect to the network, sign in with your password and choose a PIN again. { $count ->
        [0] Nothing is lost.
        [one] { $count } change of yours was not sent yet; it is still on this tablet, encrypted, and not lost.
       *[other] { $count } changes of yours were not sent yet; they are still on this tablet, encrypted, and not lost.
    }
unlock-storage = It could not be written to this tablet, so it was not tried. Please try again; if that does not help, reload the page.
sign-in-other-tablet = This browser was enrolled as another tablet before and holds unsent work of that one. Please let it be sent first.
sign-out-do = Sign out
sign-out-explained = Your keys, and customers that only you have here, are deleted from this tablet. They stay at the store and come back when you sign in with your password.
sign-out-unsent = { $count ->
        [one] { $count } change of yours has
       *[other] { $count } changes of yours have
    } not reached the store and would be lost. You can sign out once all is sent.
sign-out-refused = { $count ->
        [one] { $count } entry of yours was
       *[other] { $count } entries of yours were
    } not taken by the store. Please settle that under “Saving and sending” first.
rescue-file-explained = If this tablet can't reach the store any more: what was not sent can be saved as an encrypted file, which an administrator reads in at the store.
rescue-save = Save a rescue file
rescue-saved = “{ $name }” was given to the browser to save. It is the only copy of { $count ->
        [one] the { $count } change
       *[other] the { $count } changes
    } in it: look for it among the downloads, and keep it until an administrator has read it in.
reset-open = Empty this tablet…
reset-tablet = Empty this tablet
reset-do = Empty it now
reset-explained = All customers' data and keys on this tablet are deleted, with everything half-typed. At the store everything stays. Afterwards nobody can work on it until an administrator enrols it again.
reset-others = Somebody else works on it as well: { $names }.
reset-unsent = { $count ->
        [one] { $count } change on this tablet has
       *[other] { $count } changes on this tablet have
    } not reached the store and would be lost. It can be emptied once all is sent.
reset-refused = { $count ->
        [one] { $count } entry was
       *[other] { $count } entries were
    } not taken by the store. Whose it is has to settle that under “Saving and sending” first.
problem-locked = The tablet was locked and nothing was saved. What you typed is still there.

# A new PIN
secret-title = Choose a PIN
secret-explained = It opens your customers on this tablet from now on, without a network.
secret-first = New PIN, at least { $least } digits
secret-again = Once more
secret-differs = The two are different. Please start again.
secret-use-passphrase = Use a passphrase instead
secret-use-pin = Use a PIN instead
secret-passphrase-hint = At least { $least } characters, may be a sentence; harder to guess than a PIN.
secret-set = Set and open
secret-setting = Encrypting…
secret-pin_short = A PIN needs at least 6 digits.
secret-pin_trivial = This PIN is one of the first that anyone tries (repeats, runs, a row of keys). Please choose another.
secret-passphrase_short = A passphrase needs at least 8 characters.
secret-passphrase_trivial = This passphrase is one of the first that anyone tries. Please choose another.
secret-passphrase_long = The passphrase is too long.
secret-unknown = This one can't be used ({ $code }). Please choose another.
secret-current = Present PIN or passphrase
secret-changed = Changed. The new one opens from now on.
secret-change-do = Change

# Signing in on this tablet
sign-in-again-for = { $name }, please sign in with your password
sign-in-network = This step needs the store's server.
sign-in-keeps = Unsent work stays.

# Enrolling a tablet
enrol-title = Enrol this tablet
enrol-explained = Then colleagues can sign in on it. Customers' data are kept on it encrypted.
enrol-code = Enrolment code
enrol-code-hint = An administrator makes it under “More → Tablets”. It works for 10 minutes and once.
enrol-name = What is this tablet called
enrol-name-hint = For example “Showroom tablet 3”: colleagues see it in the list.
enrol-name-suggested = Showroom tablet { $number }
enrol-do = Enrol
enrol-done = Enrolled as { $code }
enrol-done-explained = Card numbers will carry this code.
enrol-keeping = Does the browser keep what is on this tablet?
enrol-ask-keeping = Ask the browser to keep them
enrol-home-first = First add this page to the home screen, then open it from there and enrol: an app on the home screen has a storage of its own and would not see what is enrolled here.
enrol-home-how = Tap the browser's share button and choose “Add to Home Screen”.
enrol-here-anyway = Enrol in the browser
enrol-who = Sign in
enrol-already = This tablet is enrolled already, as { $code }.
enrol-needed = This tablet is not enrolled yet
enrol-needed-explained = Ask an administrator for an enrolment code. Scan it with this tablet's camera or type it here.

# A tablet that was emptied
erased-retired = This tablet is retired
erased-stolen = This tablet was emptied
erased-retired-explained = All customers' data on it are deleted. What was not sent yet was delivered to the store before.
erased-stolen-explained = It was declared stolen. All customers' data on it are deleted.
erased-reset = This tablet is empty
erased-reset-explained = All customers' data and keys on it are deleted.
erased-reset-told = The store knows, and lists it as retired.
erased-reset-untold = The store does not know yet. It is told as soon as this tablet has a network again; leave this page open, or open it again then.
erased-lost = { $count ->
        [one] { $count } unsent change was
       *[other] { $count } unsent changes were
    } deleted with it.
erased-nothing-lost = No unsent work was on it.
erased-again = Enrol this tablet again
retiring-title = This tablet is being retired
retiring-explained = What was not sent yet is on its way to the store. Then this tablet is emptied.
