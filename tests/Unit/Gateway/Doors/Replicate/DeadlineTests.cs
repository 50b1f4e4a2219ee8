using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Doors.Replicate.PredictionCalls;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>Predictions that nobody begins.</summary>
public class DeadlineTests(DeadlineTests.Server server) : IClassFixture<DeadlineTests.Server>
{
    /// <summary>Replicate's clients wait for ever for a prediction that is aborted: only who sends <c>Cancel-After</c>, which they cannot, is told that it is.</summary>
    [Theory]
    [InlineData("1s", "aborted")]
    [InlineData(null, "failed")]
    public async Task Are_aborted_where_the_client_said_until_when_and_failed_otherwise(string? cancelAfter, string status)
    {
        using var made = await (cancelAfter is null
            ? server.Client.PredictAsync(Input(Words()), headers: ("Prefer", "wait=60"))
            : server.Client.PredictAsync(Input(Words()), headers: [("Prefer", "wait=60"), ("Cancel-After", cancelAfter)]));

        var prediction = await made.BodyAsync();
        ((int)made.StatusCode, (string)prediction["status"]!, (string)prediction["error"]!).ShouldBe((201, status, "No worker began the edit before its deadline."));
        prediction.ContainsKey("deadline").ShouldBe(cancelAfter is not null);
    }

    public sealed class Server : DoorServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
        {
            ["FlexEdit:Storage:QueueDeadline"] = "00:00:01",
            ["FlexEdit:Storage:SweepInterval"] = "00:00:00.100",
        };
    }
}
