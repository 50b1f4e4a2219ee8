using System.Diagnostics;
using FlexEdit.Platform.Secrets;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Secrets;

public sealed class SecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-secret-").FullName;
    private readonly FakeTimeProvider _time = new();

    private string Name => Path.Combine(_folder, "token");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Stands_in_the_setting() => new Secret("text", null, _time).Lines.ShouldBe(["text"]);

    [Fact]
    public void Is_nothing_where_neither_is_set()
    {
        new Secret(null, null, _time).Lines.ShouldBeEmpty();
        new Secret(null, null, _time).Current.ShouldBeNull();
    }

    [Fact]
    public void Is_read_again_when_a_second_has_passed()
    {
        var secret = Written("one");
        secret.Current.ShouldBe("one");
        File.WriteAllText(Name, "two\none\n");
        secret.Current.ShouldBe("one");

        _time.Advance(TimeSpan.FromSeconds(1));

        secret.Current.ShouldBe("two");
        secret.Lines.ShouldBe(["two", "one"]);
    }

    [Fact]
    public void Is_the_same_instance_while_nothing_has_changed()
    {
        var secret = Written("one");
        var before = secret.Lines;
        _time.Advance(TimeSpan.FromSeconds(2));
        File.WriteAllText(Name, " one \r\n\n");

        secret.Lines.ShouldBeSameAs(before);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n\n")]
    public void What_was_read_last_holds_while_the_file_is_gone_or_empty(string? content)
    {
        var secret = Written("one");
        secret.Current.ShouldBe("one");
        File.Delete(Name);
        if (content is not null)
            File.WriteAllText(Name, content);
        _time.Advance(TimeSpan.FromSeconds(2));
        secret.Current.ShouldBe("one");

        File.WriteAllText(Name, "two");
        _time.Advance(TimeSpan.FromSeconds(2));
        secret.Current.ShouldBe("two");
    }

    [Fact]
    public async Task Follows_the_links_that_a_kubelet_turns()
    {
        foreach (var (number, content) in new[] { ("1", "one"), ("2", "two") })
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, $"..{number}")).FullName, "token"), content);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        File.CreateSymbolicLink(Name, Path.Combine("..data", "token"));
        var secret = new Secret(null, Name, _time);
        secret.Current.ShouldBe("one");

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..2");
        using (var turn = Process.Start("mv", ["-T", Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")]))
            await turn.WaitForExitAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));

        secret.Current.ShouldBe("two");
    }

    [Fact]
    public void Both_a_setting_and_its_file_are_refused() =>
        Secret.Faults("FLEXEDIT__X", "text", Name).ShouldBe(["FLEXEDIT__X and FLEXEDIT__XFile are both set; set one of them."]);

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Secret.Faults("FLEXEDIT__X", null, Name).ShouldBe([$"FLEXEDIT__XFile is '{Name}', which cannot be read or is empty; set it to a file in which the secret stands."]);

    [Fact]
    public void It_does_not_show_itself() => new Secret("text", null, _time).ToString()!.ShouldNotContain("text");

    private Secret Written(string content)
    {
        File.WriteAllText(Name, content);
        return new Secret(null, Name, _time);
    }
}
