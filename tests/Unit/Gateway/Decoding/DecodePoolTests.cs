using System.Diagnostics;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Platform.Problems;
using FlexEdit.Tests.Unit.Gateway.Running;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Decoding;

/// <summary>With real child processes. A named pipe that nobody writes to is the picture that a decoder hangs at.</summary>
public sealed class DecodePoolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-pool-").FullName;
    private int _files;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Decodes_one_picture_after_the_other_in_the_same_child()
    {
        using var pool = Children.Pool(new() { Workers = 1 });
        await pool.StartAsync(Token);
        var child = pool.Idle.Single();
        for (var i = 0; i < 3; i++)
            (await pool.RunAsync(Picture(), Token)).Width.ShouldBe(Pictures.Width);
        pool.Idle.ShouldBe([child]);
    }

    [Fact]
    public async Task A_child_killed_in_the_middle_of_a_picture_costs_that_request_and_no_other()
    {
        using var pool = Children.Pool(new() { Workers = 1 });
        var lost = pool.RunAsync(Endless(), Token);
        Process.GetProcessById(await BusyChildAsync(pool)).Kill();

        var problem = (await Should.ThrowAsync<ProblemException>(lost)).Problem;
        (problem.Status, problem.Code, problem.Param).ShouldBe((422, "invalid_image", "scene"));
        (await pool.RunAsync(Picture(), Token)).Height.ShouldBe(Pictures.Height);
    }

    [Fact]
    public async Task A_picture_that_takes_too_long_is_given_up_and_its_child_ends()
    {
        var time = new FakeTimeProvider();
        using var pool = Children.Pool(new() { Workers = 1, TimeLimit = TimeSpan.FromMilliseconds(300) }, time);
        var large = Picture(Pictures.Scene(6000, 5000));
        var slow = pool.RunAsync(large, Token);
        using var child = Process.GetProcessById(await BusyChildAsync(pool));
        // The limit comes when it has worked for most of that time, however busy this machine is.
        for (var before = child.TotalProcessorTime; child.TotalProcessorTime - before < TimeSpan.FromMilliseconds(250); child.Refresh())
            await Task.Delay(5, Token);
        time.Advance(TimeSpan.FromMilliseconds(300));

        var problem = (await Should.ThrowAsync<ProblemException>(slow)).Problem;
        (problem.Status, problem.Code).ShouldBe((422, "invalid_image"));
        problem.Detail.ShouldContain("0.3 s");
        await child.WaitForExitAsync(Token);
        (await pool.RunAsync(Picture(), Token)).Code.ShouldBeNull();
    }

    [Fact]
    public async Task A_child_that_gets_no_processor_says_nothing_about_the_picture()
    {
        using var pool = Children.Pool(new() { Workers = 1, TimeLimit = TimeSpan.FromMilliseconds(300) });

        var problem = (await Should.ThrowAsync<ProblemException>(pool.RunAsync(Endless(), Token))).Problem;

        (problem.Status, problem.Code).ShouldBe((503, "unavailable"));
        problem.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_child()
    {
        using var pool = Children.Pool(new() { Workers = 1 });
        using var leaving = new CancellationTokenSource();
        var left = pool.RunAsync(Endless(), leaving.Token);
        await BusyChildAsync(pool);
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(left);
        (await pool.RunAsync(Picture(), Token)).Code.ShouldBeNull();
    }

    [Fact]
    public async Task A_child_that_died_idle_costs_no_request()
    {
        using var pool = Children.Pool(new() { Workers = 1 });
        await pool.RunAsync(Picture(), Token);
        using (var idle = Process.GetProcessById(pool.Idle.Single()))
        {
            idle.Kill();
            await idle.WaitForExitAsync(Token);
        }

        (await pool.RunAsync(Picture(), Token)).Code.ShouldBeNull();
    }

    [Fact]
    public async Task A_child_is_replaced_after_its_number_of_pictures()
    {
        using var pool = Children.Pool(new() { Workers = 1, PicturesPerWorker = 2 });
        await pool.RunAsync(Picture(), Token);
        var first = pool.Idle.Single();
        await pool.RunAsync(Picture(), Token);
        pool.Idle.Single().ShouldNotBe(first);
    }

    [Fact]
    public async Task More_requests_than_may_wait_are_told_to_come_back()
    {
        using var pool = Children.Pool(new() { Workers = 1, Waiting = 0 });
        using var leaving = new CancellationTokenSource();
        var first = pool.RunAsync(Endless(), leaving.Token);
        var problem = (await Should.ThrowAsync<ProblemException>(pool.RunAsync(Picture(), Token))).Problem;
        (problem.Status, problem.Code).ShouldBe((503, "unavailable"));
        problem.RetryAfter.ShouldNotBeNull();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
    }

    [Fact]
    public async Task Children_end_with_the_pool()
    {
        var pool = Children.Pool(new() { Workers = 2 });
        await pool.StartAsync(Token);
        var children = pool.Idle.Select(Process.GetProcessById).ToArray();
        await pool.StopAsync(Token);
        foreach (var child in children)
        {
            await child.WaitForExitAsync(Token);
            child.Dispose();
        }
    }

    [Fact]
    public async Task A_child_does_not_outlive_its_parent_even_in_the_middle_of_a_picture()
    {
        using var child = Process.Start(Children.Command.ToStartInfo(DecodeWorker.Verb, new DecodeOptions().MemoryMegabytes))!;
        (await child.StandardOutput.ReadLineAsync(Token)).ShouldBe("ready");
        await child.StandardInput.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize(Endless(), FlexEdit.Contracts.ContractJson.Options));
        child.StandardInput.Close();
        await child.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task A_child_gets_no_setting_and_no_secret_of_its_parent()
    {
        Environment.SetEnvironmentVariable("FLEXEDIT__Internal__Token_OfThisTest", "secret");
        using var child = Process.Start(Children.Command.ToStartInfo(DecodeWorker.Verb, new DecodeOptions().MemoryMegabytes))!;
        (await child.StandardOutput.ReadLineAsync(Token)).ShouldBe("ready");
        (await File.ReadAllTextAsync($"/proc/{child.Id}/environ", Token)).ShouldNotContain("FLEXEDIT");
        child.Kill();
    }

    [Fact]
    public async Task A_child_may_not_take_more_memory_than_its_limit()
    {
        using var child = Process.Start(Children.Command.ToStartInfo(DecodeWorker.Verb, memoryMegabytes: 300))!;
        (await child.StandardOutput.ReadLineAsync(Token)).ShouldBe("ready");
        (await File.ReadAllLinesAsync($"/proc/{child.Id}/limits", Token)).Single(line => line.StartsWith("Max data size", StringComparison.Ordinal))
            .ShouldContain((300L * 1024 * 1024).ToString(System.Globalization.CultureInfo.InvariantCulture));
        child.Kill();
    }

    [Fact]
    public async Task A_picture_that_needs_more_memory_than_there_is_costs_one_request()
    {
        using var pool = Children.Pool(new() { Workers = 1, MemoryMegabytes = 256 });
        var large = Picture(Pictures.Scene(9000, 5500));
        var problem = (await Should.ThrowAsync<ProblemException>(pool.RunAsync(large, Token))).Problem;
        problem.Code.ShouldBeOneOf("image_too_large", "invalid_image");
        (await pool.RunAsync(Picture(), Token)).Code.ShouldBeNull();
    }

    private static async Task<int> BusyChildAsync(DecodePool pool)
    {
        while (pool.Busy.Count == 0)
            await Task.Yield();
        return pool.Busy.Single();
    }

    private DecodeRequest Endless()
    {
        var path = Path.Combine(_folder, $"pipe{_files++}");
        using (var mkfifo = Process.Start("mkfifo", path))
        {
            mkfifo.WaitForExit();
            mkfifo.ExitCode.ShouldBe(0);
        }

        return Request(path);
    }

    private DecodeRequest Picture(byte[]? file = null)
    {
        var path = Path.Combine(_folder, $"picture{_files++}");
        File.WriteAllBytes(path, file ?? Pictures.Scene());
        return Request(path);
    }

    private DecodeRequest Request(string source) => new()
    {
        Kind = DecodeRequest.Picture,
        Field = "scene",
        Source = source,
        Target = Path.Combine(_folder, $"target{_files++}.png"),
        MaxBytes = 250_000_000,
        MaxPixels = 50_000_000,
        MaxSide = 16_384,
    };
}
