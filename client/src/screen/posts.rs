//! What somebody does where, as a form changes it.

use floorbook_shared::access::{Post, Role};
use floorbook_shared::id::StoreId;

/// The posts after a tap on a role in a store. The first store stays home while there is a post
/// in it.
pub fn toggled(posts: &[Post], store: StoreId, role: Role) -> Vec<Post> {
    let post = Post::new(store, role);
    let mut changed: Vec<Post> = posts.to_vec();
    if changed.contains(&post) {
        changed.retain(|other| *other != post);
        return changed;
    }
    // Beside the others of this store, so that the order of the stores stays.
    let last = changed.iter().rposition(|other| other.store == store);
    changed.insert(last.map_or(changed.len(), |last| last + 1), post);
    changed
}

/// The posts after a tap on administrator, who counts in the whole chain.
pub fn toggled_admin(posts: &[Post], store: StoreId) -> Vec<Post> {
    let mut changed: Vec<Post> = posts.to_vec();
    if is_admin(posts) {
        changed.retain(|post| post.role != Role::Admin);
        return changed;
    }
    // The store that it names says nothing, unless it is the only one: then it is home.
    let home = changed.first().map_or(store, |post| post.store);
    changed.push(Post::new(home, Role::Admin));
    changed
}

/// Whether somebody is an administrator.
pub fn is_admin(posts: &[Post]) -> bool {
    posts.iter().any(|post| post.role == Role::Admin)
}

/// The posts with another store as home.
pub fn with_home(posts: &[Post], home: StoreId) -> Vec<Post> {
    let (mut first, others): (Vec<Post>, Vec<Post>) =
        posts.iter().copied().partition(|post| post.store == home);
    first.extend(others);
    first
}

/// The stores of some posts, home first, each once; the post of an administrator names none
/// unless it is the only one.
pub fn stores(posts: &[Post]) -> Vec<StoreId> {
    let is_alone = posts.iter().all(|post| post.role == Role::Admin);
    let mut stores = Vec::new();
    for post in posts {
        if (is_alone || post.role != Role::Admin) && !stores.contains(&post.store) {
            stores.push(post.store);
        }
    }
    stores
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANGZHOU: StoreId = StoreId::from_bytes([1; 16]);
    const NINGBO: StoreId = StoreId::from_bytes([2; 16]);

    #[test]
    fn a_second_role_stands_beside_the_first_and_home_stays_home() {
        let posts = toggled(&[], HANGZHOU, Role::Consultant);
        let posts = toggled(&posts, NINGBO, Role::Consultant);
        let posts = toggled(&posts, HANGZHOU, Role::Manager);
        assert_eq!(
            posts,
            [
                Post::new(HANGZHOU, Role::Consultant),
                Post::new(HANGZHOU, Role::Manager),
                Post::new(NINGBO, Role::Consultant),
            ]
        );
        assert_eq!(stores(&posts), [HANGZHOU, NINGBO]);
        assert_eq!(stores(&with_home(&posts, NINGBO)), [NINGBO, HANGZHOU]);
        assert_eq!(toggled(&posts, HANGZHOU, Role::Manager).len(), 2);
    }

    #[test]
    fn an_administrator_is_one_once_and_of_no_store() {
        let posts = toggled(&[], NINGBO, Role::Consultant);
        let admin = toggled_admin(&posts, HANGZHOU);
        assert!(is_admin(&admin));
        assert_eq!(stores(&admin), [NINGBO]);
        assert_eq!(toggled_admin(&admin, HANGZHOU), posts);
        assert_eq!(stores(&toggled_admin(&[], HANGZHOU)), [HANGZHOU]);
    }
}
