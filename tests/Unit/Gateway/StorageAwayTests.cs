using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Gateway.WatchEdit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway;

/// <summary>A gateway to which no storage answers.</summary>
public class StorageAwayTests(StorageAwayTests.Server server) : IClassFixture<StorageAwayTests.Server>
{
    [Fact]
    public async Task Tells_the_client_to_come_back_when_the_time_for_storage_is_over()
    {
        using (var warm = Answers.GoodForm(("instruction", null)))
            (await server.Client.PostEditAsync(warm)).StatusCode.ShouldBe(422);
        using var form = Answers.GoodForm();
        var begin = TimeProvider.System.GetTimestamp();
        using var answer = await server.Client.PostEditAsync(form);
        // Half a second here, and loaded machines may take their time; without being set it leaves something of the two seconds that are promised.
        TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        new GatewayOptions().SubmitTimeout.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        var problem = await answer.ShouldBeProblemAsync(503, "unavailable", null);
        ((bool)problem["retryable"]!).ShouldBeTrue();
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
    }

    public sealed class Server : GatewayServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["FlexEdit:Gateway:SubmitTimeout"] = "00:00:00.500",
            ["FlexEdit:Internal:StorageUrl"] = "http://127.0.0.1:9",
            ["FlexEdit:Internal:Token"] = new('t', 32),
        };

        protected override void Compose(WebApplicationBuilder builder)
        {
            builder.AddFlexEditDefaults();
            builder.Services.AddSingleton<IEditJournal>(new ListJournal());
            builder.Services.AddSingleton<ITenantQuota, NoQuota>();
            builder.Services.AddSingleton<IEditRecipes>(new ListJournal());
            builder.AddGateway();
            builder.Services.AddFlexEditBus(builder.Configuration, BusReach.ThisProcess);
        }

        protected override void Map(WebApplication app) => app.MapGateway();
    }
}
