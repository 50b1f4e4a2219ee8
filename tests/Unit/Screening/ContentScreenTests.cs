using System.Diagnostics;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Children;
using FlexEdit.Platform.Hosting;
using FlexEdit.Screening;
using FlexEdit.Screening.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Screening;

/// <summary>With the real child process of a worker's own program, which lies beside the tests.</summary>
public sealed class ContentScreenTests : IDisposable
{
    private static readonly ChildCommand s_worker = new(Path.Combine(AppContext.BaseDirectory, "FlexEdit.Understanding"), []);
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-screen-").FullName;
    private ClassifierProcess? _process;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RgbaImage Red => Plain(230, 20, 20);

    private static RgbaImage Blue => Plain(20, 20, 230);

    public void Dispose()
    {
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Refuses_what_the_classifier_finds_and_lets_the_rest_pass()
    {
        var screen = await StartedAsync();

        await screen.CheckInputAsync("edt_1", "scene", Blue, Token);
        await screen.CheckResultAsync("edt_1", Blue, Token);
        var input = (await Should.ThrowAsync<AttemptException>(screen.CheckInputAsync("edt_1", "subject", Red, Token))).Error;
        (input.Code, input.Retryable).ShouldBe(("input_rejected", false));
        input.Detail.ShouldStartWith("The subject ");
        var result = (await Should.ThrowAsync<AttemptException>(screen.CheckResultAsync("edt_1", Red, Token))).Error;
        (result.Code, result.Retryable).ShouldBe(("output_rejected", false));
    }

    [Fact]
    public async Task Screens_only_what_it_is_told_to()
    {
        var inputs = await StartedAsync(options => options.Results = false);
        await inputs.CheckResultAsync("edt_1", Red, Token);
        (await inputs.MayShowAsync("edt_1", () => Red, Token)).ShouldBeTrue();
        await Should.ThrowAsync<AttemptException>(inputs.CheckInputAsync("edt_1", "scene", Red, Token));

        var results = await StartedAsync(options => options.Inputs = false);
        await results.CheckInputAsync("edt_1", "scene", Red, Token);
        await Should.ThrowAsync<AttemptException>(results.CheckResultAsync("edt_1", Red, Token));
    }

    [Fact]
    public async Task Shows_no_preview_or_only_those_that_pass()
    {
        var withheld = await StartedAsync();
        withheld.WithholdsPreviews.ShouldBeTrue();
        (await withheld.MayShowAsync("edt_1", () => Blue, Token)).ShouldBeFalse();

        var screened = await StartedAsync(options => options.Previews = "screened");
        screened.WithholdsPreviews.ShouldBeFalse();
        (await screened.MayShowAsync("edt_1", () => Blue, Token)).ShouldBeTrue();
        (await screened.MayShowAsync("edt_1", () => Red, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_classifier_starts_no_process_and_lets_all_pass()
    {
        var screen = Make(new ContentOptions());
        await screen.StartAsync(Token);
        await screen.CheckInputAsync("edt_1", "scene", Red, Token);
        await screen.CheckResultAsync("edt_1", Red, Token);
        (await screen.MayShowAsync("edt_1", () => Red, Token)).ShouldBeTrue();
        _process!.Id.ShouldBeNull();
    }

    [Fact]
    public async Task A_classifier_that_does_not_fit_ends_the_start_with_a_sentence()
    {
        var screen = Make(Options(options => options.Sha256 = new string('0', 64)));
        (await Should.ThrowAsync<StartupException>(screen.StartAsync(Token))).Message.ShouldStartWith("FLEXEDIT__Content__Classifier cannot be used: ");
    }

    [Fact]
    public async Task A_process_that_died_is_replaced_and_no_picture_pays_for_it()
    {
        var screen = await StartedAsync();
        var before = _process!.Id!.Value;
        using (var child = Process.GetProcessById(before))
        {
            child.Kill();
            await child.WaitForExitAsync(Token);
        }

        await Should.ThrowAsync<AttemptException>(screen.CheckInputAsync("edt_1", "scene", Red, Token));
        await screen.CheckInputAsync("edt_1", "scene", Blue, Token);
        _process.Id.ShouldNotBe(before);
    }

    [Fact]
    public async Task A_process_killed_in_the_middle_of_a_look_is_replaced_and_the_look_repeated()
    {
        var screen = await StartedAsync();
        using var child = await StoppedAsync();
        var look = screen.CheckInputAsync("edt_1", "scene", Red, Token);
        child.Kill();
        (await Should.ThrowAsync<AttemptException>(look)).Error.Code.ShouldBe("input_rejected");
    }

    [Theory]
    [InlineData("refuse")]
    [InlineData("pass")]
    public async Task A_classifier_that_hangs_does_what_the_operator_says(string rule)
    {
        var screen = await StartedAsync(options => (options.OnFailure, options.TimeLimit) = (rule, TimeSpan.FromSeconds(3)));
        using var child = await StoppedAsync();

        var look = screen.CheckInputAsync("edt_1", "scene", Red, Token);

        if (rule == "pass")
        {
            await look;
        }
        else
        {
            var error = (await Should.ThrowAsync<AttemptException>(look)).Error;
            (error.Code, error.Retryable).ShouldBe(("unavailable", true));
        }
        await child.WaitForExitAsync(Token);
        (await Should.ThrowAsync<AttemptException>(screen.CheckInputAsync("edt_1", "scene", Red, Token))).Error.Code.ShouldBe("input_rejected");
    }

    [Theory]
    [InlineData("refuse")]
    [InlineData("pass")]
    public async Task An_answer_that_is_no_verdict_does_what_the_operator_says(string rule)
    {
        var file = ColourClassifier.Write(_folder, raw: true);
        var screen = await StartedAsync(options => (options.Classifier, options.Sha256, options.Activation, options.Threshold, options.OnFailure, options.Previews) =
            (file.Path, file.Sha256, "none", 0.9, rule, "screened"));

        await screen.CheckInputAsync("edt_1", "scene", Plain(128, 128, 128), Token);
        if (rule == "pass")
            await screen.CheckInputAsync("edt_1", "scene", Red, Token);
        else
            (await Should.ThrowAsync<AttemptException>(screen.CheckInputAsync("edt_1", "scene", Red, Token))).Error.Code.ShouldBe("unavailable");
        (await screen.MayShowAsync("edt_1", () => Red, Token)).ShouldBe(rule == "pass");
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_of_a_look_costs_nobody_the_process()
    {
        var screen = await StartedAsync();
        var before = _process!.Id!.Value;
        using var child = await StoppedAsync();
        using var leaving = new CancellationTokenSource();
        var left = screen.CheckInputAsync("edt_1", "scene", Blue, leaving.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(left);
        await SignalAsync("CONT", before);

        // The answer of the look that nobody waited for is not taken for this one's.
        (await Should.ThrowAsync<AttemptException>(screen.CheckInputAsync("edt_1", "scene", Red, Token))).Error.Code.ShouldBe("input_rejected");
        _process.Id.ShouldBe(before);
    }

    private async Task<ContentScreen> StartedAsync(Action<ContentOptions>? change = null)
    {
        var screen = Make(Options(change));
        await screen.StartAsync(Token);
        return screen;
    }

    private ContentScreen Make(ContentOptions options)
    {
        options.Faults().ShouldBeEmpty();
        _process?.Dispose();
        var settings = Microsoft.Extensions.Options.Options.Create(options);
        _process = new ClassifierProcess(settings, s_worker, TimeProvider.System);
        return new ContentScreen(settings, _process, NullLogger<ContentScreen>.Instance);
    }

    private ContentOptions Options(Action<ContentOptions>? change)
    {
        var file = ColourClassifier.Write(_folder);
        var options = new ContentOptions
        {
            Classifier = file.Path,
            Sha256 = file.Sha256,
            Width = ColourClassifier.Side,
            Height = ColourClassifier.Side,
            Mean = { 0 },
            Std = { 1 },
            Unsafe = { "1" },
            // A loaded machine is no failure.
            TimeLimit = TimeSpan.FromMinutes(1),
        };
        change?.Invoke(options);
        return options;
    }

    private async Task<Process> StoppedAsync()
    {
        var id = _process!.Id!.Value;
        await SignalAsync("STOP", id);
        return Process.GetProcessById(id);
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync(Token);
        kill.ExitCode.ShouldBe(0);
    }

    private static RgbaImage Plain(byte red, byte green, byte blue)
    {
        var picture = new RgbaImage(40, 30);
        for (var i = 0; i < picture.Pixels.Length; i += 4)
            (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2], picture.Pixels[i + 3]) = (red, green, blue, 255);
        return picture;
    }
}
