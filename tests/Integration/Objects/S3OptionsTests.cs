using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Objects.S3;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Objects;

/// <summary>Every wrong setting is said with what to set.</summary>
public sealed class S3OptionsTests
{
    [Fact]
    public void An_empty_section_is_told_everything_that_is_missing() => new ObjectStoreOptions { Store = "s3" }.Faults().ShouldBe([
        "Set FLEXEDIT__Objects__S3__Endpoint to the address of the S3 server, for instance http://minio:9000.",
        "Set FLEXEDIT__Objects__S3__AccessKey to the access key of the S3 server.",
        "Set FLEXEDIT__Objects__S3__SecretKey to the secret key of the S3 server.",
    ]);

    [Fact]
    public void Wrong_values_are_named_with_their_ranges()
    {
        var options = new ObjectStoreOptions
        {
            Store = "s3",
            S3 = new S3Options
            {
                Endpoint = new Uri("ftp://minio/bucket"),
                AccessKey = "a",
                SecretKey = "s",
                Bucket = "No_Bucket",
                Region = " ",
                Retries = 11,
                StallTimeout = TimeSpan.Zero,
                Timeout = TimeSpan.FromDays(1),
                LinkLifetime = TimeSpan.FromDays(8),
            },
        };
        options.Faults().ShouldBe([
            "FLEXEDIT__Objects__S3__Endpoint is 'ftp://minio/bucket'; set it to an http or https address without a path.",
            "FLEXEDIT__Objects__S3__Bucket is 'No_Bucket'; set it to 3 to 63 characters of a-z, 0-9 and '-'.",
            "Set FLEXEDIT__Objects__S3__Region to the region that requests are signed for, for instance us-east-1.",
            "FLEXEDIT__Objects__S3__Retries is 11; set it between 0 and 10.",
            "FLEXEDIT__Objects__S3__StallTimeout is 00:00:00; set it between 00:00:00.1000000 and 00:10:00.",
            "FLEXEDIT__Objects__S3__Timeout is 1.00:00:00; set it between 00:00:00.1000000 and 01:00:00.",
            "FLEXEDIT__Objects__S3__LinkLifetime is 8.00:00:00; set it between 00:00:01 and 7.00:00:00.",
        ]);
    }

    [Theory]
    [InlineData("folder", "Set FLEXEDIT__Objects__Folder to the folder that holds pictures, for instance data/objects.")]
    [InlineData("tape", "FLEXEDIT__Objects__Store is 'tape'; set it to 'folder' or 's3'.")]
    public void The_kind_of_store_decides_what_is_needed(string store, string fault) => new ObjectStoreOptions { Store = store }.Faults().ShouldBe([fault]);
}
