//! Relationships and the parts people play in them. Pure.

use chiron_store::{ids, text_enum};

ids!(RelationshipId);

text_enum!(pub Kind { Mentoring = "mentoring", Coaching = "coaching", Peer = "peer", Circle = "circle", Flash = "flash" });
text_enum!(pub Role { Mentor = "mentor", Mentee = "mentee", Coach = "coach", Client = "client", Peer = "peer" });

impl Role {
    /// Whether someone in this role gives their time, and so fills one of their places.
    pub fn guides(self) -> bool {
        matches!(self, Self::Mentor | Self::Coach | Self::Peer)
    }
}
