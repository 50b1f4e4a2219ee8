using FlexEdit.Cli.Api;
using FlexEdit.Cli.Commands;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts.Edits;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Results;

/// <summary>The program <c>flexedit</c> against the real model: an edit stops, is looked at, and goes on corrected.</summary>
[Collection(ServerCollection.Name)]
public sealed class ApprovalTests(StandaloneServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-approval").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_corrected_label_is_what_is_painted()
    {
        var plain = await PausedAsync();
        (await RunAsync("approve", plain.Id, "-o", Path.Combine(_folder, "plain.png"))).ShouldBe(ExitCode.Done, $"{_error}");
        var paused = await PausedAsync();
        var understood = paused.Understanding.ShouldNotBeNull();
        _output.ToString().ShouldContain($"The masks mean \"{understood.Label}\".");
        _output.ToString().ShouldContain($"likeliest labels: {understood.Label} (");
        _output.ToString().ShouldContain($"go on with: flexedit approve {paused.Id} ");
        var other = understood.Candidates.First(candidate => candidate.Label != understood.Label);

        (await RunAsync("approve", paused.Id, "--label", other.Label, "--watch", "-o", Path.Combine(_folder, "corrected.png"))).ShouldBe(ExitCode.Done, $"{_error}");

        var job = await server.Calls.GetAsync(paused.Id);
        (job.Status, job.Understanding!.Label).ShouldBe((EditStatus.Succeeded, other.Label));
        job.Understanding.Answer.ShouldContain($"\"{other.Label}\"");
        // The same scene, mask, instruction and seed.
        Pixels("corrected.png").ShouldNotBe(Pixels("plain.png"));
        (await server.Calls.GetAsync(plain.Id)).Understanding!.Label.ShouldBe(understood.Label);
    }

    [Fact]
    public async Task A_corrected_mask_is_where_it_is_painted()
    {
        var paused = await PausedAsync();
        const string Corner = """[{"type":"circle","cx":40,"cy":40,"r":16}]""";

        (await RunAsync("approve", paused.Id, "--shapes", Corner, "--instruction", "Apply Purple to the entire object.", "-o", Path.Combine(_folder, "corner.png"))).ShouldBe(ExitCode.Done, $"{_error}");

        var job = await server.Calls.GetAsync(paused.Id);
        job.Instruction.ShouldBe("Apply Purple to the entire object.");
        var region = job.Outputs[0].Preservation!.Region;
        // The crop is twice as wide as the mask, around it.
        (region[0] + region[2]).ShouldBeLessThanOrEqualTo(80);
        (region[1] + region[3]).ShouldBeLessThanOrEqualTo(80);
        region[2].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_edit_that_does_not_wait_is_not_approved()
    {
        var job = await server.Calls.RunAsync(new Requests.EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 40) });

        (await RunAsync("approve", job.Id)).ShouldBe(ExitCode.Failed);

        _error.ToString().ShouldContain("(conflict, request ");
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    private async Task<EditJob> PausedAsync()
    {
        var scene = Path.Combine(_folder, "scene.png");
        await File.WriteAllBytesAsync(scene, Scenes.PhotographPng(), Cancellation);
        (await RunAsync("edit", "--scene", scene, "--shapes", Scenes.RingAt(160, 120, 50), "-i", "Apply Purple to the entire object.", "--seed", "7", "--pause")).ShouldBe(ExitCode.Done, $"{_error}");
        var id = _output.ToString().Split('\n').Last(line => line.StartsWith("edt_", StringComparison.Ordinal)).Trim();
        var job = await server.Calls.GetAsync(id);
        job.Status.ShouldBe(EditStatus.AwaitingApproval);
        job.Outputs.ShouldBeEmpty();
        return job;
    }

    private Task<int> RunAsync(params string[] arguments) =>
        FlexEditCommand.RunAsync([.. arguments, "--server", server.Process.Address.ToString()], Terminal.To(_output, _error), Cancellation);

    private byte[] Pixels(string name) => PictureDecoder.DecodeFile(Path.Combine(_folder, name)).Pixels.Pixels;
}
