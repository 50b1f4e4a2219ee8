using System.Diagnostics;
using FlexEdit.Generation.Engine;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Engines;

public sealed class SimulationTests
{
    private static readonly SimulationOptions s_quick = new() { StepTime = TimeSpan.Zero, HangTime = TimeSpan.Zero };

    [Theory]
    [InlineData("simulated")]
    [InlineData("simulated-large")]
    public void Simulates_models_that_are_called_so(string model) => Should.NotThrow(() => Simulation.CheckModel(model, "Generation"));

    [Theory]
    [InlineData("flexedit-tiny")]
    [InlineData("simulatedreal")]
    public void Refuses_a_real_models_name(string model) =>
        Should.Throw<StartupException>(() => Simulation.CheckModel(model, "Generation")).Message.ShouldBe(
            $"FLEXEDIT__Generation__Engine is 'simulated', but '{model}' is the name of a real model; set FLEXEDIT__Models__Default to "
            + "'simulated' and FLEXEDIT__Models__Folder to a folder with its card only, or the engine to 'model'.");

    [Theory]
    [InlineData("remove it", false, SimulatedFault.None)]
    [InlineData("remove simulate:exit it", false, SimulatedFault.Exit)]
    [InlineData("remove simulate:exit it", true, SimulatedFault.None)]
    [InlineData("simulate:out-of-memory@generation", true, SimulatedFault.OutOfMemory)]
    [InlineData("simulate:nan@generation", false, SimulatedFault.None)]
    [InlineData("simulate:hang", false, SimulatedFault.Hang)]
    [InlineData("simulate:something", false, SimulatedFault.None)]
    public void An_instruction_may_ask_for_a_failure(string instruction, bool generation, SimulatedFault asked) =>
        Simulation.Asked(instruction, generation).ShouldBe(asked);

    [Fact]
    public void Failures_come_by_their_shares_and_are_the_same_for_the_same_seed()
    {
        SimulationOptions Options(int seed) => new() { StepTime = TimeSpan.Zero, HangTime = TimeSpan.Zero, Seed = seed, OutOfMemory = 0.1, Nan = 0.2, Exit = 0.05 };
        var first = Outcomes(Options(7));

        Outcomes(Options(7)).ShouldBe(first);
        Outcomes(Options(8)).ShouldNotBe(first);
        first.Count(o => o == "memory").ShouldBeInRange(70, 130);
        first.Count(o => o == "nan").ShouldBeInRange(160, 240);
        first.Count(o => o == "exit").ShouldBeInRange(30, 70);
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 60)]
    [InlineData(3, 72)]
    [InlineData(4, 80)]
    [InlineData(8, 160)]
    public void A_measured_curve_says_how_long_a_batch_takes(int batch, double milliseconds) =>
        new SimulationOptions { StepTime = TimeSpan.FromMilliseconds(40), BatchCurve = { [4] = 2, [2] = 4.0 / 3 } }.TimeOf(batch).TotalMilliseconds.ShouldBe(milliseconds, 0.1);

    [Fact]
    public void A_batch_for_which_there_is_no_memory_runs_out_of_it()
    {
        var simulation = new Simulation(new SimulationOptions { StepTime = TimeSpan.Zero, MemoryPictures = 2 });
        simulation.Call(2, SimulatedFault.None);
        Should.Throw<InsufficientMemoryException>(() => simulation.Call(3, SimulatedFault.None));
    }

    [Fact]
    public void A_curve_that_makes_no_sense_is_refused() =>
        new SimulationOptions { BatchCurve = { [0] = 1, [2] = 0, [4] = 2 }, MemoryPictures = -1 }.Faults("Generation", SimulationOptions.Simulated).ShouldBe(
        [
            "FLEXEDIT__Generation__Simulation__BatchCurve__0 is 1; name a size from 1 on, and set it between 0.1 and 1000.",
            "FLEXEDIT__Generation__Simulation__BatchCurve__2 is 0; name a size from 1 on, and set it between 0.1 and 1000.",
            "FLEXEDIT__Generation__Simulation__MemoryPictures is -1; set it to 0 for any number, or to more.",
        ]);

    [Fact]
    public void A_batch_takes_longer_than_one_picture_and_less_than_each_alone()
    {
        var simulation = new Simulation(new SimulationOptions { StepTime = TimeSpan.FromMilliseconds(40), BatchCost = 0.25 });
        var clock = Stopwatch.StartNew();
        simulation.Call(5, SimulatedFault.None);

        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(79));
    }

    [Fact]
    public void Paints_the_mask_and_nothing_else()
    {
        using var model = new SimulatedEditModel(2, new Simulation(s_quick));
        var request = new GenerationRequest
        {
            Scene = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            Mask = [0, 255, 0, 0],
            Embedding = [0],
            EmbeddingShape = (1, 1),
            Seed = 3,
            Steps = 2,
            GuidanceScale = 1,
            ImageGuidanceScale = 1,
            SubjectScale = 0,
        };
        using var flight = model.Begin(request);
        model.Step([flight]);
        flight.Step.ShouldBe(1);
        model.Step([flight]);

        var crop = model.Finish(flight);
        crop.EditedRegion.ShouldBe(request.Mask);
        crop.Picture[..3].ShouldBe([1, 2, 3]);
        crop.Picture[3..6].ShouldNotBe([4, 5, 6]);
        crop.Picture[6..].ShouldBe([7, 8, 9, 10, 11, 12]);
    }

    [Fact]
    public void A_picture_that_was_to_fail_fails_when_it_is_stepped()
    {
        using var model = new SimulatedEditModel(1, new Simulation(s_quick));
        using var flight = model.Begin(new GenerationRequest
        {
            Scene = [1, 2, 3],
            Mask = [255],
            Embedding = [(float)SimulatedFault.OutOfMemory],
            EmbeddingShape = (1, 1),
            Seed = 1,
            Steps = 1,
            GuidanceScale = 1,
            ImageGuidanceScale = 1,
            SubjectScale = 0,
        });

        MemoryFailure.Is(Should.Throw<Exception>(() => model.Step([flight]))).ShouldBeTrue();
        flight.Step.ShouldBe(0);
    }

    [Fact]
    public void Wrong_settings_are_said()
    {
        var options = new SimulationOptions { BatchCost = 2, OutOfMemory = 0.9, Nan = 0.9, Hang = double.NaN, StepTime = TimeSpan.FromHours(2), HangTime = TimeSpan.FromDays(2) };
        options.Faults("Generation", "guessing").ShouldBe([
            "FLEXEDIT__Generation__Engine is 'guessing'; set it to 'model', or for tests to 'simulated'.",
            "FLEXEDIT__Generation__Simulation__BatchCost is 2; set it between 0 and 1.",
            "FLEXEDIT__Generation__Simulation__Hang is NaN; set it between 0 and 1.",
            "FLEXEDIT__Generation__Simulation__StepTime is 02:00:00; set it between 00:00:00 and 01:00:00.",
            "FLEXEDIT__Generation__Simulation__HangTime is 2.00:00:00; set it between 00:00:00 and 1.00:00:00.",
        ]);
        new SimulationOptions { OutOfMemory = 0.6, Nan = 0.6 }.Faults("Understanding", "simulated").ShouldBe([
            "The shares of failures in FLEXEDIT__Understanding__Simulation add up to more than 1; lower them.",
        ]);
        new SimulationOptions().Faults("Generation", "model").ShouldBeEmpty();
    }

    private static List<string> Outcomes(SimulationOptions options)
    {
        var ended = false;
        var simulation = new Simulation(options, _ => ended = true);
        var outcomes = new List<string>();
        for (var i = 0; i < 1000; i++)
        {
            ended = false;
            try
            {
                simulation.Call(1, SimulatedFault.None);
                outcomes.Add(ended ? "exit" : "well");
            }
            catch (OutOfMemoryException)
            {
                outcomes.Add("memory");
            }
            catch (ArithmeticException)
            {
                outcomes.Add("nan");
            }
        }
        return outcomes;
    }
}
