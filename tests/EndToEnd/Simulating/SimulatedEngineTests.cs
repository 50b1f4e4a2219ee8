using FlexEdit.Cli.Samples;
using FlexEdit.Contracts.Edits;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Simulating;

/// <summary>The engine that fault and load tests use: it takes no model's name, and its edits are edits.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class SimulatedEngineTests : IDisposable
{
    private static readonly (string, string)[] s_simulated =
    [
        ("FLEXEDIT__Models__Folder", Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models")),
        ("FLEXEDIT__Models__Default", "simulated"),
        ("FLEXEDIT__Understanding__Engine", "simulated"),
        ("FLEXEDIT__Generation__Engine", "simulated"),
        ("FLEXEDIT__Generation__Simulation__StepTime", "00:00:00"),
        ("FLEXEDIT__Storage__RetryGap", "00:00:00.010"),
    ];

    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-simulated").FullName;

    [Theory]
    [InlineData("Understanding")]
    [InlineData("Generation")]
    public async Task Is_refused_together_with_a_real_models_name(string service)
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(_data, ($"FLEXEDIT__{service}__Engine", "simulated")));

        refused.Message.ShouldContain("exit code 2");
        refused.Message.ShouldContain($"FLEXEDIT__{service}__Engine is 'simulated', but 'flexedit-tiny' is the name of a real model");
    }

    [Fact]
    public async Task Makes_real_edits_and_fails_when_it_is_asked_to()
    {
        await using var server = await ServerProcess.StartAsync(_data, s_simulated);
        var calls = new EditCalls(server);
        var form = new EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60) };

        var job = await calls.RunAsync(form);
        var upright = await calls.PictureAsync($"/v1/edits/{job.Id}/inputs/scene");
        var result = PictureDecoder.Decode(await calls.DownloadAsync(job.Outputs[0].Url)).Pixels;
        PreservationCheck.Compare(upright, result, job.Outputs[0].Preservation!).Complaints.ShouldBeEmpty();
        job.Outputs[0].Preservation!.ChangedPixels.ShouldBeGreaterThan(0);

        var failed = await calls.EndOfAsync((await calls.SubmitAsync(form with { Instruction = "Remove it simulate:nan@generation" })).Id);
        failed.Status.ShouldBe(EditStatus.Failed);
        failed.Error!.Code.ShouldBe("model_error");
        var starved = await calls.EndOfAsync((await calls.SubmitAsync(form with { Instruction = "Remove it simulate:out-of-memory" })).Id);
        starved.Error!.Code.ShouldBe("out_of_memory");
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);
}
