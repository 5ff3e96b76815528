using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContactCenter.Realtime;

/// <summary>Tells the other side that somebody is typing. Nothing is stored; a lost notice costs nothing.</summary>
public sealed class Typing(Announcer announcer)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public void Contact(Guid conversation, string name) => Announce(conversation, "contact", name);

    public void Staff(Guid conversation, string name) => Announce(conversation, "staff", name);

    private void Announce(Guid conversation, string by, string name) => announcer.Announce(
        new Announcement(Topic.Conversation(conversation), Signals.Typing, JsonSerializer.Serialize(new { by, name }, Web)));
}
