using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Following;

/// <summary>After a 202 nothing may lose an edit: the server is killed as hard as a process can be.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class CrashTests : IDisposable
{
    private static readonly EditForm s_form = new() { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60) };

    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-crash").FullName;

    [Fact]
    public async Task Edits_accepted_before_a_kill_are_finished_after_the_next_start()
    {
        var ids = new List<string>();
        await using (var first = await ServerProcess.StartAsync(_data))
        {
            for (var i = 0; i < 5; i++)
                ids.Add((await new EditCalls(first).SubmitAsync(s_form with { Options = [("seed", $"{i}")] })).Id);
            await first.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(_data);
        var calls = new EditCalls(second);
        foreach (var id in ids)
        {
            var job = await calls.EndOfAsync(id);
            job.Status.ShouldBe(EditStatus.Succeeded, $"{job.Error}\n{second.Log}");
            await ShouldHaveEndedOnceAsync(calls, id);
        }
    }

    [Fact]
    public async Task An_edit_killed_while_it_was_painted_is_painted_again()
    {
        string id;
        await using (var first = await ServerProcess.StartAsync(_data))
        {
            var calls = new EditCalls(first);
            id = (await calls.SubmitAsync(s_form with { Options = [("steps", "50")] })).Id;
            await foreach (var item in calls.EventsAsync(id))
            {
                if (item.EventType == "progress")
                    break;
            }
            await first.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(_data);
        var after = new EditCalls(second);
        var job = await after.EndOfAsync(id);

        job.Status.ShouldBe(EditStatus.Succeeded, $"{job.Error}\n{second.Log}");
        (await after.DownloadAsync(job.Outputs[0].Url)).ShouldNotBeEmpty();
        await ShouldHaveEndedOnceAsync(after, id);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static async Task ShouldHaveEndedOnceAsync(EditCalls calls, string id)
    {
        var statuses = new List<string>();
        var done = 0;
        await foreach (var item in calls.EventsAsync(id))
        {
            if (item.EventType == "status")
                statuses.Add(System.Text.Json.JsonDocument.Parse(item.Data).RootElement.GetProperty("status").GetString()!);
            if (item.EventType == "done")
                done++;
        }
        statuses.Count(EditStatus.IsTerminal).ShouldBeLessThanOrEqualTo(1, string.Join(' ', statuses));
        done.ShouldBe(1);
    }
}
