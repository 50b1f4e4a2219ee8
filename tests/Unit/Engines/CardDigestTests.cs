using System.Security.Cryptography;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Models;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Engines;

/// <summary>A model's folder that somebody else has filled is the one that is meant, or refused.</summary>
public sealed class CardDigestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-cards").FullName;

    public CardDigestTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "flexedit-tiny"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "presets", "flexedit-sd15", "card.json"), Card);
    }

    private string Card => Path.Combine(_folder, "flexedit-tiny", "card.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_card_with_the_digest_that_is_set_is_taken() =>
        Catalog(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Card)))).CardOf("flexedit-tiny").Resolution.ShouldBe(512);

    [Fact]
    public void A_card_with_another_digest_is_refused()
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Card)));
        File.AppendAllText(Card, " ");
        Should.Throw<StartupException>(() => Catalog(digest).CardOf("flexedit-tiny")).Message.ShouldContain("another SHA-256 than FLEXEDIT__Models__CardDigests__flexedit-tiny says");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void A_setting_that_is_no_digest_is_a_fault(string digest) =>
        new ModelOptions { Folder = _folder, CardDigests = { ["flexedit-tiny"] = digest } }.Faults().Single().ShouldContain("64 hexadecimal digits");

    private ModelCatalog Catalog(string digest) => new(Options.Create(new ModelOptions { Folder = _folder, CardDigests = { ["flexedit-tiny"] = digest } }));
}
