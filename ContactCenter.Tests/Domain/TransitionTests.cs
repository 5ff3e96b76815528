using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

public sealed class TransitionTests
{
    private static readonly Guid Lili = Guid.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly Guid Omar = Guid.Parse("01900000-0000-7000-8000-000000000002");

    [Theory]
    [InlineData(ConversationState.Attending, ConversationVerb.Pause, ConversationState.Paused, EventKind.Paused)]
    [InlineData(ConversationState.Paused, ConversationVerb.Resume, ConversationState.Attending, EventKind.Resumed)]
    [InlineData(ConversationState.Attending, ConversationVerb.Finish, ConversationState.Finished, EventKind.Finished)]
    [InlineData(ConversationState.Paused, ConversationVerb.Finish, ConversationState.Finished, EventKind.Finished)]
    public void The_agent_who_holds_it_changes_it(
        ConversationState from, ConversationVerb verb, ConversationState to, EventKind happened)
    {
        var outcome = Transition.Decide(from, Lili, verb, Lili);

        var changed = Assert.IsType<TransitionOutcome.Changed>(outcome);
        Assert.Equal(to, changed.State);
        Assert.Equal(happened, changed.Event);
    }

    [Theory]
    [InlineData(ConversationVerb.Pause)]
    [InlineData(ConversationVerb.Resume)]
    [InlineData(ConversationVerb.Finish)]
    public void A_colleague_changes_nothing(ConversationVerb verb)
    {
        foreach (var state in Enum.GetValues<ConversationState>())
        {
            var outcome = Transition.Decide(state, Lili, verb, Omar);
            Assert.Equal(Refusal.NotYours, Assert.IsType<TransitionOutcome.Refused>(outcome).Why);
        }
    }

    [Theory]
    [InlineData(ConversationState.Paused, ConversationVerb.Pause)]
    [InlineData(ConversationState.Attending, ConversationVerb.Resume)]
    [InlineData(ConversationState.Finished, ConversationVerb.Finish)]
    [InlineData(ConversationState.Finished, ConversationVerb.Leave)]
    public void Asking_twice_is_answered_like_once(ConversationState state, ConversationVerb verb) =>
        Assert.IsType<TransitionOutcome.Already>(Transition.Decide(state, Lili, verb, Lili));

    [Fact]
    public void A_contact_who_leaves_the_queue_abandons_and_one_who_leaves_the_chat_ends_it()
    {
        var waiting = Assert.IsType<TransitionOutcome.Changed>(
            Transition.Decide(ConversationState.Waiting, null, ConversationVerb.Leave, null));
        var attended = Assert.IsType<TransitionOutcome.Changed>(
            Transition.Decide(ConversationState.Attending, Lili, ConversationVerb.Leave, null));

        Assert.Equal((Ending.Abandoned, EventKind.Abandoned), (waiting.Ending, waiting.Event));
        Assert.Equal((Ending.Completed, EventKind.LeftByContact), (attended.Ending, attended.Event));
    }

    [Fact]
    public void A_conversation_goes_back_to_the_queue_only_while_an_agent_holds_it()
    {
        foreach (var state in Enum.GetValues<ConversationState>())
        {
            var outcome = Transition.Decide(state, Lili, ConversationVerb.ReturnDisconnected, null);
            if (state is ConversationState.Attending or ConversationState.Paused)
                Assert.Equal(ConversationState.Waiting, Assert.IsType<TransitionOutcome.Changed>(outcome).State);
            else
                Assert.IsNotType<TransitionOutcome.Changed>(outcome);
        }
    }
}
