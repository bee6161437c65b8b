//! Memory: an allocator for many threads that draw pages, and a way to give what was freed back to the system.
//!
//! The allocator of glibc keeps what thousands of closed connections used: between two things that are still held it
//! lets nothing go by itself. `docs/benchmarks/web.md` has the figures, with and without, and of other allocators.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, but that what is small grows by a new piece and a copy.
///
/// In glibc every `realloc` takes a lock that other threads want too, also of sizes for which `malloc` and `free` find what
/// they need in a store of their own thread and take none. A page is hundreds of strings that grow a few times each:
/// `docs/benchmarks/web.md` says what that cost.
pub struct Allocator;

/// The largest piece that glibc keeps in the store of a thread, in bytes (malloc.c, `tcache`).
const SMALL: usize = 1032;

// SAFETY: `alloc`, `alloc_zeroed`, `dealloc` and `realloc` of what is large pass on what they were given to the system's
// allocator, which keeps the contract; `realloc` of what is small does what the trait itself does where nothing is said.
#[expect(unsafe_code, reason = "whoever allocates has to promise")]
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as our caller promised.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as our caller promised.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: as our caller promised; what `alloc` gave came from the system.
        unsafe { System.dealloc(old, layout) }
    }
    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.size().max(size) > SMALL {
            // SAFETY: as our caller promised; what `alloc` gave came from the system.
            return unsafe { System.realloc(old, layout, size) };
        }
        // SAFETY: the caller promises that `size` is not zero and fits with this alignment; that `old` is of this layout, so
        // that as many bytes as both have can be read; the new piece is another one, so that they do not overlap; and
        // nobody uses `old` after this.
        unsafe {
            let new = System.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                std::ptr::copy_nonoverlapping(old, new, layout.size().min(size));
                System.dealloc(old, layout);
            }
            new
        }
    }
}

/// Asks the C library's allocator to return every whole page that nobody uses. Says whether it had any.
///
/// It goes over all free memory and holds up whoever allocates meanwhile: some milliseconds for some hundred MiB, so
/// this is for a quiet moment or a slow rhythm. On systems without glibc it does nothing.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library has no other door to this")]
pub fn give_back() -> bool {
    unsafe extern "C" {
        fn malloc_trim(pad: usize) -> core::ffi::c_int;
    }
    // SAFETY: `malloc_trim` (glibc since 2.8, malloc_trim(3)) takes a number of bytes to keep and may be called from any
    // thread at any time; it moves and frees nothing that is in use.
    unsafe { malloc_trim(0) != 0 }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() -> bool {
    false
}

#[cfg(test)]
#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

#[cfg(test)]
mod growing {
    #[test]
    fn what_grows_and_shrinks_keeps_what_it_holds() {
        let byte = |n: usize| (n % 251) as u8;
        for most in [1, 31, 1_000, super::SMALL, super::SMALL + 1, 5_000] {
            let mut all: Vec<u8> = Vec::new();
            for n in 0..most {
                all.reserve_exact(1);
                all.push(byte(n));
            }
            for left in [most, most / 2, most / 3, 1] {
                all.truncate(left);
                all.shrink_to_fit();
                assert!(all.iter().enumerate().all(|(n, found)| *found == byte(n)), "{left} of {most}");
            }
        }
        // A stricter alignment than any byte needs.
        #[derive(Clone, Copy, PartialEq)]
        #[repr(align(64))]
        struct Wide(u64);
        let mut wide = Vec::new();
        for n in 0..40 {
            wide.reserve_exact(1);
            wide.push(Wide(n));
            assert_eq!(wide.as_ptr() as usize % 64, 0);
        }
        assert!((0..40).zip(&wide).all(|(n, found)| found.0 == n));
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    fn resident() -> usize {
        let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux tells");
        pages.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).expect("a number") * 4096
    }

    #[test]
    fn what_lies_between_things_still_held_goes_back() {
        const EACH: usize = 16 << 10;
        let mut all: Vec<Option<Box<[u8]>>> = (0..8_000).map(|_| Some(vec![1; EACH].into_boxed_slice())).collect();
        let full = resident();
        // One in a hundred stays, so that nothing is free at the top.
        for (n, one) in all.iter_mut().enumerate() {
            if n % 100 != 99 {
                *one = None;
            }
        }
        assert!(super::give_back());
        let kept = all.iter().flatten().map(|one| one.len()).sum::<usize>();
        assert!(full.saturating_sub(resident()) > 8_000 * EACH / 2, "{full} before, {} after, {kept} in use", resident());
    }
}
