using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>The scaler of the simulation decides as the real ones do (what they did: <c>deploy/cluster-test scale</c>).</summary>
public sealed class KedaScalerTests
{
    private static readonly ScalerRules s_rules = new() { Min = 0, Max = 64, Target = 10, Stable = TimeSpan.FromSeconds(60), Cooldown = TimeSpan.FromSeconds(120) };
    private readonly KedaScaler _scaler = new(s_rules);

    [Fact]
    public void The_first_worker_comes_with_the_first_work_and_the_others_with_the_autoscaler()
    {
        _scaler.Sync(Second(0), 600, 0).ShouldBe(0);
        _scaler.Poll(Second(0), 0, 0).ShouldBe(0);
        _scaler.Poll(Second(10), 600, 0).ShouldBe(1);
        _scaler.Poll(Second(20), 600, 1).ShouldBe(1);
        // 60 are wanted: eight more at first, then as many again.
        _scaler.Sync(Second(30), 600, 1).ShouldBe(9);
        _scaler.Sync(Second(45), 600, 9).ShouldBe(18);
        _scaler.Sync(Second(60), 600, 18).ShouldBe(36);
        _scaler.Sync(Second(75), 600, 36).ShouldBe(60);
    }

    [Fact]
    public void Nothing_happens_between_two_looks_within_the_tolerance_or_without_a_number()
    {
        _scaler.Sync(Second(0), 100, 10).ShouldBe(10);
        _scaler.Sync(Second(5), 200, 10).ShouldBe(10, "the autoscaler does not look yet");
        _scaler.Sync(Second(15), 109, 10).ShouldBe(10);
        _scaler.Sync(Second(30), 112, 10).ShouldBe(12);
        _scaler.Sync(Second(45), null, 12).ShouldBe(12);
        _scaler.Poll(Second(45), null, 12).ShouldBe(12);
    }

    [Fact]
    public void Never_above_the_most() => _scaler.Sync(Second(0), 100_000, 40).ShouldBe(64);

    [Fact]
    public void Workers_go_when_fewer_were_enough_for_a_while_and_no_faster_than_a_tenth_a_minute()
    {
        _scaler.Sync(Second(0), 400, 40).ShouldBe(40);
        _scaler.Sync(Second(45), 10, 40).ShouldBe(40, "40 were wanted less than a minute ago");
        _scaler.Sync(Second(75), 10, 40).ShouldBe(36);
        _scaler.Sync(Second(90), 10, 36).ShouldBe(36, "four have gone in this minute");
        _scaler.Sync(Second(136), 10, 36).ShouldBe(32);
        _scaler.Sync(Second(400), 10, 3).ShouldBe(2);
    }

    [Fact]
    public void The_last_worker_goes_after_the_cooldown_only()
    {
        _scaler.Poll(Second(0), 5, 3).ShouldBe(3);
        _scaler.Sync(Second(60), 0, 1).ShouldBe(1, "the autoscaler goes to one at least");
        _scaler.Poll(Second(110), 0, 1).ShouldBe(1);
        _scaler.Poll(Second(121), 0, 1).ShouldBe(0);
        new KedaScaler(s_rules with { Min = 1 }).Poll(Second(9999), 0, 1).ShouldBe(1);
    }

    private static TimeSpan Second(int number) => TimeSpan.FromSeconds(number);
}
