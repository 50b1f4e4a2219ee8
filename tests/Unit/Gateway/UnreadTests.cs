using FlexEdit.Contracts.Ledger;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Hosting;
using FlexEdit.Tests.Unit.Gateway.Reference;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Gateway.WatchEdit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway;

/// <summary>A gateway whose storage takes edits, and whose log of them cannot be read.</summary>
public class UnreadTests(UnreadTests.Server server) : IClassFixture<UnreadTests.Server>
{
    [Fact]
    public async Task Says_where_the_edit_is_as_the_document_describes_it()
    {
        // The first answer has the job as storage made it; the second one would have to read it.
        using var first = await PostAsync();
        using var second = await PostAsync();

        first.StatusCode.ShouldBe(202);
        (await first.BodyAsync()).ContainsKey("sequence").ShouldBeTrue();
        second.StatusCode.ShouldBe(202);
        var edit = await second.BodyAsync();
        edit.Select(member => member.Key).ShouldBe(DocumentTests.Required("AcceptedEdit"));
        edit["urls"]!.AsObject().Select(member => member.Key).ShouldBe(DocumentTests.Required("AcceptedUrls"));
        ((string)edit["urls"]!["self"]!).ShouldBe(second.Headers.Location!.OriginalString);
        second.Headers.Location.ShouldBe(first.Headers.Location);
    }

    private async Task<HttpResponseMessage> PostAsync()
    {
        using var form = Answers.GoodForm();
        return await server.Client.PostEditAsync(form, ("Idempotency-Key", "unread"));
    }

    public sealed class Server : GatewayServer
    {
        protected override void Compose(WebApplicationBuilder builder)
        {
            builder.AddFlexEditDefaults().AddStorage();
            builder.Services.AddSingleton<IEditJournal>(new ListJournal());
            builder.AddGateway();
            builder.Services.AddFlexEditBus(builder.Configuration, BusReach.ThisProcess);
        }
    }
}
