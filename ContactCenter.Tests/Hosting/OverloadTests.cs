using ContactCenter.Storage;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Tests.Hosting;

public sealed class OverloadTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Fact]
    public async Task When_more_wait_to_be_written_than_can_be_a_visitor_is_told_when_to_come_back()
    {
        using var marta = await app.StartAsync(Cast.Marta, text: "hola");
        using var joao = await app.StartAsync(Cast.Joao, text: "olá");
        var (id, said) = (ChatFrame.NewId(), new List<Task<MessageOutcome>>());
        await using (var held = new NpgsqlConnection(app.ConnectionString + ";Pooling=false"))
        {
            await held.OpenAsync();
            await using var hold = new NpgsqlCommand("begin; select from conversations for update", held);
            await hold.ExecuteNonQueryAsync();
            await app.WithAsync<Database>(async database =>
            {
                var hers = await database.Conversations.SingleAsync(c => c.Contact.Name == Cast.Marta.Name);
                await app.WithAsync<MessageStore>(messages =>
                {
                    for (var n = 0; n <= MessageWriter.Capacity; n++)
                        said.Add(messages.FromContactAsync(
                            hers.Id, hers.ContactId, hers.CampaignId, ChatFrame.NewId(), $"{n}"));
                    return Task.CompletedTask;
                });
            });
            var answer = await joao.SayAsync("tem alguém?", id);
            Assert.True(answer.Status == 503, answer.Text);
            Assert.Equal("1", answer.Header("Retry-After"));
        }
        foreach (var outcome in await Task.WhenAll(said)) Assert.IsType<MessageOutcome.Accepted>(outcome);
        Assert.Equal(200, (await joao.SayAsync("tem alguém?", id)).Status);
    }
}
