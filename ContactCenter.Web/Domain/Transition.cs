namespace ContactCenter.Domain;

/// <summary>What someone wants to do with a conversation.</summary>
public enum ConversationVerb
{
    Pause,
    Resume,
    Finish,
    Leave,
    ReturnDisconnected,
    ReturnUnanswered,

    /// <summary>The agent is no member of the campaign any more.</summary>
    ReturnRemoved,

    /// <summary>The waiting contact's browser is gone (J1).</summary>
    Vanish,

    /// <summary>The campaign has closed (J2).</summary>
    Close,

    /// <summary>The campaign has opened (J2).</summary>
    Offer,

    /// <summary>A menu bot leads the contact to people (Q10).</summary>
    HandOver,
}

/// <summary>Why a change was refused; shown to who asked.</summary>
public enum Refusal
{
    NotYours,
    NotNow,
    AlreadyFinished,
}

/// <summary>What a decision about a conversation came to.</summary>
public abstract record TransitionOutcome
{
    public sealed record Changed(ConversationState State, EventKind Event, Ending? Ending = null) : TransitionOutcome;

    /// <summary>It already is as asked: a repeated request is answered like the first.</summary>
    public sealed record Already : TransitionOutcome;

    public sealed record Refused(Refusal Why) : TransitionOutcome;
}

/// <summary>The rules of a conversation's states (Q9), pure: state and actor go in, the outcome comes out.</summary>
public static class Transition
{
    /// <param name="actor">The agent who asks; null for the contact and for jobs.</param>
    public static TransitionOutcome Decide(ConversationState state, Guid? holder, ConversationVerb verb, Guid? actor) =>
        verb switch
        {
            ConversationVerb.Pause => ByHolder(holder, actor, state switch
            {
                ConversationState.Attending => new TransitionOutcome.Changed(ConversationState.Paused, EventKind.Paused),
                ConversationState.Paused => new TransitionOutcome.Already(),
                ConversationState.Finished => Refuse(Refusal.AlreadyFinished),
                ConversationState.Waiting or ConversationState.OutOfHours => Refuse(Refusal.NotNow),
            }),
            ConversationVerb.Resume => ByHolder(holder, actor, state switch
            {
                ConversationState.Paused => new TransitionOutcome.Changed(ConversationState.Attending, EventKind.Resumed),
                ConversationState.Attending => new TransitionOutcome.Already(),
                ConversationState.Finished => Refuse(Refusal.AlreadyFinished),
                ConversationState.Waiting or ConversationState.OutOfHours => Refuse(Refusal.NotNow),
            }),
            ConversationVerb.Finish => ByHolder(holder, actor, state switch
            {
                ConversationState.Attending or ConversationState.Paused =>
                    new TransitionOutcome.Changed(ConversationState.Finished, EventKind.Finished, Ending.Completed),
                ConversationState.Finished => new TransitionOutcome.Already(),
                ConversationState.Waiting or ConversationState.OutOfHours => Refuse(Refusal.NotNow),
            }),
            ConversationVerb.Leave => state switch
            {
                ConversationState.Waiting or ConversationState.OutOfHours =>
                    new TransitionOutcome.Changed(ConversationState.Finished, EventKind.Abandoned, Ending.Abandoned),
                ConversationState.Attending or ConversationState.Paused =>
                    new TransitionOutcome.Changed(ConversationState.Finished, EventKind.LeftByContact, Ending.Completed),
                ConversationState.Finished => new TransitionOutcome.Already(),
            },
            ConversationVerb.ReturnDisconnected => Return(state, EventKind.ReturnedDisconnected),
            ConversationVerb.ReturnUnanswered => Return(state, EventKind.ReturnedUnanswered),
            ConversationVerb.ReturnRemoved => Return(state, EventKind.ReturnedRemoved),
            ConversationVerb.Vanish => Only(ConversationState.Waiting, state,
                new TransitionOutcome.Changed(ConversationState.Finished, EventKind.Vanished, Ending.Abandoned)),
            ConversationVerb.Close => Only(ConversationState.Waiting, state,
                new TransitionOutcome.Changed(ConversationState.OutOfHours, EventKind.Closed)),
            ConversationVerb.Offer => Only(ConversationState.OutOfHours, state,
                new TransitionOutcome.Changed(ConversationState.Waiting, EventKind.Offered)),
            ConversationVerb.HandOver => ByHolder(holder, actor, Only(ConversationState.Attending, state,
                new TransitionOutcome.Changed(ConversationState.Waiting, EventKind.HandedOver))),
        };

    private static TransitionOutcome Return(ConversationState state, EventKind because) => state switch
    {
        ConversationState.Attending or ConversationState.Paused =>
            new TransitionOutcome.Changed(ConversationState.Waiting, because),
        ConversationState.Waiting or ConversationState.OutOfHours => new TransitionOutcome.Already(),
        ConversationState.Finished => Refuse(Refusal.AlreadyFinished),
    };

    /// <summary>What a job does to one state; whatever happened to the conversation meanwhile goes before.</summary>
    private static TransitionOutcome Only(ConversationState from, ConversationState state, TransitionOutcome outcome) =>
        state == from ? outcome : new TransitionOutcome.Already();

    private static TransitionOutcome ByHolder(Guid? holder, Guid? actor, TransitionOutcome outcome) =>
        actor is { } agent && agent == holder ? outcome : Refuse(Refusal.NotYours);

    private static TransitionOutcome.Refused Refuse(Refusal why) => new(why);
}
