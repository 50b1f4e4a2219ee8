using FlexEdit.Cli.Api;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

public sealed class EditFeedTests
{
    private const string Running = """{"id":"edt_1","status":"processing","stage":"understanding","sequence":2}""";
    private const string Done = """
        id: 4
        event: done
        data: {"id":"edt_1","status":"succeeded","sequence":4}


        """;

    private readonly List<EditUpdate> _seen = [];

    [Fact]
    public async Task Reports_every_update_in_order_and_returns_the_ended_edit()
    {
        using var server = new ScriptedServer()
            .Events("""
                : heartbeat

                id: 2
                event: status
                data: {"sequence":2,"status":"processing","stage":"understanding"}

                id: 2.1
                event: progress
                data: {"step":1,"steps":8,"output":0}

                id: 2.1
                event: preview
                data: {"output":0,"step":1,"image":"data:image/jpeg;base64,AA=="}


                """ + Done)
            .Json(Running);

        var job = await FollowAsync(server);

        job.Status.ShouldBe("succeeded");
        _seen[0].ShouldBeOfType<JobChanged>().Job.Stage.ShouldBe("understanding");
        _seen[1].ShouldBe(new StepDone(Output: 0, Step: 1, Steps: 8));
        _seen[2].ShouldBe(new PreviewCame(Output: 0, Step: 1, "data:image/jpeg;base64,AA=="));
        _seen[3].ShouldBeOfType<JobChanged>().Job.Status.ShouldBe("succeeded");
        _seen.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Ends_before_the_edit_where_the_caller_has_seen_enough()
    {
        using var server = new ScriptedServer()
            .Events("id: 3\nevent: status\ndata: {\"sequence\":3,\"status\":\"awaiting_approval\"}\n\n" + Done)
            .Json("""{"id":"edt_1","status":"awaiting_approval","sequence":3}""");
        using var client = server.Client();

        var job = await new EditFeed(client, TimeProvider.System).FollowAsync("edt_1", _seen.Add, TestContext.Current.CancellationToken, now => now.Status == "awaiting_approval");

        job.Status.ShouldBe("awaiting_approval");
        _seen.ShouldHaveSingleItem().ShouldBeOfType<JobChanged>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resumes_behind_the_last_event_after_a_lost_connection(bool broken)
    {
        const string start = "id: 3.2\nevent: progress\ndata: {\"step\":2,\"steps\":8,\"output\":0}\n\n";
        using var server = new ScriptedServer();
        _ = broken ? server.BrokenEvents(start) : server.Events(start);
        server.Refuse().Events(Done);

        var job = await FollowAsync(server);

        job.Sequence.ShouldBe(4);
        server.Requests.ShouldBe([
            "GET /v1/edits/edt_1/events",
            "GET /v1/edits/edt_1/events after 3.2",
            "GET /v1/edits/edt_1/events after 3.2",
        ]);
    }

    [Fact]
    public async Task Ignores_events_of_a_newer_server()
    {
        using var server = new ScriptedServer().Events("id: 1\nevent: weather\ndata: sunny\n\n" + Done);

        (await FollowAsync(server)).Status.ShouldBe("succeeded");

        _seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Gives_up_on_a_server_that_stays_away()
    {
        using var server = new ScriptedServer().Refuse().Refuse();

        var problem = await Should.ThrowAsync<ServerUnreachableException>(() => FollowAsync(server, patience: 1));

        problem.Message.ShouldStartWith("No FlexEdit server answers at http://server.test.");
    }

    private async Task<EditJob> FollowAsync(ScriptedServer server, int patience = 10)
    {
        using var client = server.Client();
        var feed = new EditFeed(client, TimeProvider.System) { Patience = patience };
        return await feed.FollowAsync("edt_1", _seen.Add, TestContext.Current.CancellationToken);
    }
}
