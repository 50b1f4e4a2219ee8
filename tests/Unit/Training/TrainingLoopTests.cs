using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Tests.Unit.Checkpoints;
using FlexEdit.Training.Loop;
using Shouldly;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Training;

/// <summary>The loop that all stages share, on a network of a few weights.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class TrainingLoopTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-loop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_that_was_cut_in_two_sees_the_same_losses_to_the_last_digit_and_ends_with_the_same_weights(int accumulate)
    {
        var whole = Train("whole", steps: 12, accumulate);
        var first = Train("cut", steps: 12, accumulate, until: 5);
        first.ShouldBe(whole[..first.Count]);
        var second = Train("cut", steps: 12, accumulate, resume: true);
        second.ShouldBe(whole[first.Count..]);
        Bytes("cut").ShouldBe(Bytes("whole"));
        Figures("cut").ShouldBe(Figures("whole"));
    }

    [Fact]
    public void A_batch_that_gives_no_number_is_left_out_and_the_run_goes_on()
    {
        var text = new StringWriter();
        var losses = Train("nan", steps: 6, poison: b => b is 2 or 3, output: text);
        losses.Count.ShouldBe(8, "two more batches than steps");
        losses.Count(double.IsNaN).ShouldBe(2);
        text.ToString().ShouldContain("(2 in a row; its loss was NaN)");
        double.IsFinite(losses[^1]).ShouldBeTrue();
    }

    [Fact]
    public void A_run_that_never_gives_a_number_again_ends_and_says_from_where_to_go_on() =>
        Should.Throw<TrainingDivergedException>(() => Train("lost", steps: 50, poison: b => b >= 4))
            .Message.ShouldContain("go on from it (--resume)");

    [Fact]
    public void Progress_with_what_is_to_go_and_a_page_of_curves_are_written()
    {
        var text = new StringWriter();
        Train("page", steps: 6, output: text);
        text.ToString().ShouldContain("0:00:00 to go");
        text.ToString().ShouldContain("page: checkpoint at batch 6, weights kept");
        File.WriteAllBytes(Path.Combine(_folder, "page", "sheet-6.png"), [1]);
        TrainingPage.Write(Path.Combine(_folder, "page"));
        var page = File.ReadAllText(Path.Combine(_folder, "page", "training.html"));
        page.ShouldContain("<polyline points=\"0.0,");
        page.ShouldContain("<img src=\"sheet-6.png\"");
    }

    [Fact]
    public void The_cosine_begins_after_the_warm_up_and_ends_at_zero()
    {
        var rate = new FlexEdit.Training.Optimisation.LearningRate(1, WarmUp: 10, Cosine: true);
        rate.At(4, 0).ShouldBe(0.5, 1e-9);
        rate.At(100, 0.5).ShouldBe(0.5, 1e-9);
        rate.At(100, 1).ShouldBe(0, 1e-9);
    }

    private List<double> Train(string name, long steps, int accumulate = 1, long? until = null, bool resume = false, Func<long, bool>? poison = null, TextWriter? output = null)
    {
        random.manual_seed(9);
        using var network = nn.Linear(4, 1);
        var settings = new LoopSettings
        {
            Folder = Path.Combine(_folder, name),
            Name = name,
            Steps = steps,
            Batch = 8,
            Accumulate = accumulate,
            Rate = 0.05,
            WarmUp = 3,
            Shape = RateShape.Cosine,
            Resume = resume,
            LogEvery = 1,
            CheckpointMinutes = 0,
            MostBadSteps = 5,
        };
        List<double> losses = [];
        try
        {
            new TrainingLoop<long>(settings, output ?? TextWriter.Null).Run(
                network.named_parameters().Select(p => (p.name, (Parameter)p.parameter)),
                number => number,
                (number, _) =>
                {
                    if (until * accumulate == number)
                        throw new OperationCanceledException();
                    // The noise must be the same after the cut as well.
                    var x = (arange(32).view(8, 4) + number).sin() + (randn(8, 4) * 0.1f);
                    var loss = (network.call(x) - x.sum(1, keepdim: true)).square().mean();
                    if (poison?.Invoke(number) == true)
                        loss = loss * float.NaN;
                    losses.Add(loss.item<float>());
                    return loss;
                },
                _ => "weights kept");
        }
        catch (OperationCanceledException) when (until is not null)
        {
            // as a process that was ended
        }
        return losses;
    }

    private byte[] Bytes(string name)
    {
        using var file = SafetensorsFile.Open(Path.Combine(_folder, name, $"{name}.state.safetensors"));
        using var scope = NewDisposeScope();
        return [.. ((string[])["master", "first", "second", "average"]).SelectMany(t => file.Read(t).bytes.ToArray())];
    }

    private string[] Figures(string name) =>
        [.. File.ReadLines(LossLog.PathOf(Path.Combine(_folder, name), name)).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("figures").GetRawText())];
}
