using System.Text.Encodings.Web;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class JobShapeTests : IDisposable
{
    private const string Id = "edt_01kav2q8m0e7x8r5n0c3w9f4zz";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shows_a_finished_job_as_the_contract_says()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SubmitAsync(editId: Id);
        storage.Time.Advance(TimeSpan.FromMilliseconds(3));
        var understanding = await storage.ClaimedAsync(Id);
        storage.Time.Advance(TimeSpan.FromMilliseconds(41));
        await storage.UnderstandAsync(understanding);
        storage.Time.Advance(TimeSpan.FromMilliseconds(6));
        var generating = await storage.ClaimedAsync(Id, EditStage.Generating);
        storage.Time.Advance(TimeSpan.FromMilliseconds(950));
        await storage.GenerateAsync(generating);

        Indented(await storage.JobAsync(Id)).ShouldBe(Finished);
    }

    [Fact]
    public async Task Shows_nulls_for_what_a_queued_job_has_not_got()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SubmitAsync(editId: Id);

        var job = JsonDocument.Parse(await storage.JobAsync(Id)).RootElement;

        job.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Null).Select(property => property.Name)
            .ShouldBe(["stage", "progress", "understanding", "error", "cancellation", "started_at", "completed_at", "expires_at", "replay"]);
        job.GetProperty("timings").GetRawText().ShouldBe("""{"queued_ms":null,"understanding_ms":null,"generating_ms":null,"total_ms":null}""");
    }

    private static string Indented(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json), Readable);

    private const string Finished = """
        {
          "id": "edt_01kav2q8m0e7x8r5n0c3w9f4zz",
          "object": "edit",
          "status": "succeeded",
          "stage": null,
          "sequence": 5,
          "model": "flexedit-tiny",
          "instruction": "Make the chair red.",
          "options": {
            "n": 1,
            "seed": 7,
            "steps": 20,
            "guidance_scale": 7.5,
            "image_guidance_scale": 1.5,
            "subject_scale": 0,
            "background": "preserve",
            "output_format": "png",
            "profile": "exact",
            "pause_after": null
          },
          "inputs": {
            "scene": {
              "asset": "ast_scene",
              "width": 800,
              "height": 600,
              "sha256": "scene-upload",
              "report": [
                "rotated by EXIF orientation 6"
              ],
              "url": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/inputs/scene"
            },
            "mask": {
              "asset": "ast_mask",
              "width": 800,
              "height": 600,
              "sha256": "mask-upload",
              "report": [],
              "url": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/inputs/mask"
            },
            "subject": null
          },
          "progress": null,
          "queue": null,
          "understanding": {
            "answer": "The masks mean \"chair\".",
            "label": "chair",
            "confidence": 0.93,
            "ambiguous": false,
            "candidates": [
              {
                "label": "chair",
                "confidence": 0.93
              },
              {
                "label": "stool",
                "confidence": 0.04
              }
            ],
            "full_mask": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/full-mask"
          },
          "outputs": [
            {
              "index": 0,
              "url": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/outputs/0",
              "content_type": "image/png",
              "width": 800,
              "height": 600,
              "seed": 7,
              "sha256": "f00d",
              "picture_sha256": "f00d",
              "preservation": {
                "region": [
                  120,
                  80,
                  260,
                  300
                ],
                "changed_pixels": 31744,
                "changed_outside": 0,
                "edited_mask": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/outputs/0/edited-mask",
                "outside_sha256_before": "aa",
                "outside_sha256_after": "aa",
                "lossless": true
              }
            }
          ],
          "error": null,
          "cancellation": null,
          "attempts": [
            {
              "stage": "understanding",
              "number": 1,
              "worker": "worker-1",
              "started_at": "2026-11-24T06:00:00.003Z",
              "ended_at": "2026-11-24T06:00:00.044Z",
              "outcome": "ok",
              "model_ms": 38,
              "error_code": null
            },
            {
              "stage": "generating",
              "number": 2,
              "worker": "worker-1",
              "started_at": "2026-11-24T06:00:00.05Z",
              "ended_at": "2026-11-24T06:00:01Z",
              "outcome": "ok",
              "model_ms": 900,
              "error_code": null
            }
          ],
          "timings": {
            "queued_ms": 3,
            "understanding_ms": 41,
            "generating_ms": 950,
            "total_ms": 1000
          },
          "created_at": "2026-11-24T06:00:00Z",
          "started_at": "2026-11-24T06:00:00.003Z",
          "completed_at": "2026-11-24T06:00:01Z",
          "expires_at": "2026-12-01T06:00:01Z",
          "metadata": {
            "Order-Id": "17"
          },
          "replay": null,
          "urls": {
            "self": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz",
            "events": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/events",
            "cancel": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/cancel",
            "approve": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/approve",
            "manifest": "/v1/edits/edt_01kav2q8m0e7x8r5n0c3w9f4zz/manifest"
          }
        }
        """;
}
