using System.Net.ServerSentEvents;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Following;

[Collection(ServerCollection.Name)]
public sealed class EventTests(StandaloneServer server)
{
    private static readonly EditForm s_form = new() { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60), Options = [("steps", "8")] };

    [Fact]
    public async Task Tells_an_edit_in_order_from_the_queue_to_the_end()
    {
        var id = (await server.Calls.SubmitAsync(s_form)).Id;
        var events = new List<SseItem<string>>();
        await foreach (var item in server.Calls.EventsAsync(id))
            events.Add(item);

        events.ShouldAllBe(item => !string.IsNullOrEmpty(item.EventId));
        var places = events.Select(item => Place(item.EventId!)).ToList();
        places.SequenceEqual(places.Order()).ShouldBeTrue("ids grow");
        var sequences = events.Where(item => item.EventType == "status").Select(item => Json(item).GetProperty("sequence").GetInt64()).ToList();
        sequences.ShouldBe(Enumerable.Range(1, sequences.Count).Select(i => (long)i), "the log has no gaps");
        events.Where(item => item.EventType == "status").Select(item => Json(item).GetProperty("stage").GetString()).Where(stage => stage is not null)
            .Distinct().ShouldBe([EditStage.Understanding, EditStage.Generating]);
        var steps = events.Where(item => item.EventType == "progress").Select(item => Json(item).GetProperty("step").GetInt32()).ToList();
        steps.ShouldNotBeEmpty();
        steps.ShouldBe(steps.Order());
        steps[^1].ShouldBeLessThanOrEqualTo(8);
        events[^1].EventType.ShouldBe("done");
        Json(events[^1]).GetProperty("status").GetString().ShouldBe("succeeded");
        events.Count(item => item.EventType == "done").ShouldBe(1);
    }

    [Fact]
    public async Task Shows_the_picture_as_it_forms()
    {
        var id = (await server.Calls.SubmitAsync(s_form)).Id;
        var previews = new List<JsonElement>();
        await foreach (var item in server.Calls.EventsAsync(id))
        {
            if (item.EventType == "preview")
                previews.Add(Json(item));
        }

        previews.ShouldNotBeEmpty();
        foreach (var preview in previews)
        {
            const string head = "data:image/jpeg;base64,";
            var uri = preview.GetProperty("image").GetString()!;
            uri.ShouldStartWith(head);
            PictureDecoder.Decode(Convert.FromBase64String(uri[head.Length..])).Format.ShouldBe(PictureFormat.Jpeg);
        }
    }

    [Fact]
    public async Task Resumes_behind_the_event_that_a_client_saw_last()
    {
        var id = (await server.Calls.SubmitAsync(s_form)).Id;
        var before = new List<SseItem<string>>();
        await foreach (var item in server.Calls.EventsAsync(id))
        {
            before.Add(item);
            if (item.EventType == "progress")
                break; // the connection is dropped in the middle of the painting
        }

        var after = new List<SseItem<string>>();
        await foreach (var item in server.Calls.EventsAsync(id, before[^1].EventId))
            after.Add(item);

        var seen = Place(before[^1].EventId!);
        after.ShouldAllBe(item => Place(item.EventId!).CompareTo(seen) >= 0);
        before.Concat(after).Where(item => item.EventType == "status").Select(item => item.EventId).ShouldBeUnique();
        after[^1].EventType.ShouldBe("done");
    }

    [Fact]
    public async Task Tells_a_finished_edit_again_from_its_log()
    {
        var id = (await server.Calls.RunAsync(s_form)).Id;
        var events = new List<SseItem<string>>();
        await foreach (var item in server.Calls.EventsAsync(id))
            events.Add(item);

        events.Count(item => item.EventType == "status").ShouldBeGreaterThanOrEqualTo(3);
        events[^1].EventType.ShouldBe("done");
    }

    private static JsonElement Json(SseItem<string> item) => JsonSerializer.Deserialize<JsonElement>(item.Data);

    // "12" or "12.4": sequence, and step within it.
    private static (long Sequence, int Step) Place(string id)
    {
        var parts = id.Split('.');
        return (long.Parse(parts[0]), parts.Length > 1 ? int.Parse(parts[1]) : 0);
    }
}
