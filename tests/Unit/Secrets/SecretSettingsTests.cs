using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Secrets;

/// <summary>Settings whose secrets may stand in files.</summary>
public sealed class SecretSettingsTests : IDisposable
{
    private const string First = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=";
    private const string Second = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("flexedit-secret-").FullName, "secret");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Theory]
    [InlineData("new-token-of-more-than-32-characters-1", true)]
    [InlineData("old-token-of-more-than-32-characters-1", true)]
    [InlineData("another-token-of-more-than-32-characters", false)]
    [InlineData("", false)]
    public void Of_several_tokens_all_are_accepted(string given, bool trusted)
    {
        File.WriteAllText(_file, "new-token-of-more-than-32-characters-1\nold-token-of-more-than-32-characters-1\n");
        var options = new InternalOptions { TokenFile = _file };
        options.Faults().ShouldBeEmpty();
        options.Tokens[0].ShouldStartWith("new");
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddSingleton(Options.Create(options)).BuildServiceProvider() };
        context.Request.Headers[InternalTrust.TokenHeader] = given;

        InternalTrust.IsTrusted(context).ShouldBe(trusted);
    }

    [Fact]
    public void A_short_token_in_a_file_is_refused()
    {
        File.WriteAllText(_file, "new-token-of-more-than-32-characters-1\nshort");
        new InternalOptions { TokenFile = _file }.Faults().ShouldBe(["FLEXEDIT__Internal__TokenFile has a line of less than 32 characters; put a longer random text there, the same for every process."]);
    }

    [Fact]
    public void Keys_of_messages_are_those_in_the_file_now()
    {
        File.WriteAllText(_file, First);
        var (options, time) = (new WebhookOptions { SigningKeysFile = _file }, new FakeTimeProvider());
        options.Faults().ShouldBeEmpty();
        var keys = new SigningKeys(Options.Create(options), time);
        var before = keys.Public.Keys.ShouldHaveSingleItem();

        File.WriteAllText(_file, $"{Second}\n{First}\nno key");
        time.Advance(TimeSpan.FromSeconds(1));

        keys.Public.Keys.Count.ShouldBe(2);
        keys.Public.Keys[1].ShouldBe(before);
        keys.Sign("msg_1", 1, "{}"u8).Count().ShouldBe(2);
    }

    public static TheoryData<ISettings, string> Missing => new()
    {
        { new InternalOptions { TokenFile = "/nowhere" }, "FLEXEDIT__Internal__TokenFile is '/nowhere', which cannot be read" },
        { new BusOptions { RabbitMqPasswordFile = "/nowhere" }, "FLEXEDIT__Bus__RabbitMqPasswordFile is '/nowhere', which cannot be read" },
        { new BusOptions { RabbitMqUserFile = "/nowhere" }, "FLEXEDIT__Bus__RabbitMqUserFile is '/nowhere', which cannot be read" },
        { new ObjectStoreOptions { Store = "s3", S3 = { Endpoint = new("http://s3"), AccessKeyFile = "/nowhere", SecretKey = "x" } }, "FLEXEDIT__Objects__S3__AccessKeyFile is '/nowhere', which cannot be read" },
        { new ObjectStoreOptions { Store = "s3", S3 = { Endpoint = new("http://s3"), AccessKey = "x", SecretKeyFile = "/nowhere" } }, "FLEXEDIT__Objects__S3__SecretKeyFile is '/nowhere', which cannot be read" },
        { new StorageOptions { Database = "postgres", Postgres = "Host=db", PostgresPasswordFile = "/nowhere" }, "FLEXEDIT__Storage__PostgresPasswordFile is '/nowhere', which cannot be read" },
        { new WebhookOptions { SigningKeysFile = "/nowhere" }, "FLEXEDIT__Webhooks__SigningKeysFile is '/nowhere', which cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Missing))]
    public void A_file_that_is_not_there_is_named(ISettings settings, string sentence) =>
        settings.Faults().ShouldContain(fault => fault.StartsWith(sentence, StringComparison.Ordinal));

    [Fact]
    public void A_password_in_two_places_is_refused()
    {
        File.WriteAllText(_file, "secret");
        new StorageOptions { Database = "postgres", Postgres = "Host=db;Password=x", PostgresPasswordFile = _file }.Faults().ShouldBe(
            ["FLEXEDIT__Storage__Postgres has a password and FLEXEDIT__Storage__PostgresPasswordFile is set; take the password out of the connection string."]);
    }
}
