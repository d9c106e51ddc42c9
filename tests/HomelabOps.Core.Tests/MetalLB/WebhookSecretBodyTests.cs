using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>The bytes that are sent, and that nothing secret is left of them.</summary>
public sealed class WebhookSecretBodyTests
{
    [Fact]
    public async Task A_new_Secret_has_name_type_and_all_four_fields()
    {
        using var pair = await IssuedPair.MakeAsync([TestPair.Host], 2048, 30, TestPair.Now);
        var json = JsonNode.Parse(WebhookSecretBody.New(Plan(WebhookCertPlan.Tls), pair))!;
        Assert.Equal(("v1", "Secret", "a", "metallb-system", "kubernetes.io/tls"), ((string?)json["apiVersion"], (string?)json["kind"], (string?)json["metadata"]!["name"], (string?)json["metadata"]!["namespace"], (string?)json["type"]));
        Assert.Equal(pair.Key, Convert.FromBase64String((string)json["data"]!["tls.key"]!));
        Assert.Equal(pair.AuthorityKey, Convert.FromBase64String((string)json["data"]!["ca.key"]!));
        Assert.Equal(["ca.crt", "ca.key", "tls.crt", "tls.key"], json["data"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void An_empty_one_has_no_data() => Assert.Null(JsonNode.Parse(WebhookSecretBody.New(Plan(WebhookCertPlan.Opaque), null))!["data"]);

    [Theory]
    [InlineData(WebhookCertPlan.Opaque, """{"ca.crt":null,"ca.key":null,"tls.crt":null,"tls.key":null}""")]
    [InlineData(WebhookCertPlan.Tls, """{"ca.crt":null,"ca.key":null,"tls.crt":"","tls.key":""}""")]
    public void Emptying_takes_out_what_the_type_does_not_ask_for(string type, string data)
    {
        var json = JsonNode.Parse(WebhookSecretBody.Patch(Plan(type), null))!;
        Assert.Equal((data, "7"), (json["data"]!.ToJsonString(), (string?)json["metadata"]!["resourceVersion"]));
    }

    [Fact]
    public void Whatever_a_buffer_has_held_is_wiped()
    {
        var buffer = new WipedBuffer();
        var seen = new List<Memory<byte>>();
        for (var i = 0; i < 40; i++)
        {
            var memory = buffer.GetMemory(3000);
            memory.Span[..3000].Fill((byte)'k');
            seen.Add(memory);
            buffer.Advance(3000);
        }

        Assert.Equal(new string('k', 120_000), Encoding.UTF8.GetString(buffer.Take()));
        buffer.Dispose();
        Assert.All(seen, memory => Assert.Equal(-1, memory.Span.IndexOf((byte)'k')));
    }

    [Fact]
    public void Reading_a_Secret_wipes_its_values()
    {
        var data = new TestPair().Data();
        var secret = WebhookSecret.Of(new() { Metadata = new() { Name = "a" }, Data = data });
        Assert.Equal((KeyForm.Pkcs1, KeyForm.Pkcs1, true), (secret.Key, secret.AuthorityKey, secret.IsKeyOfCertificate));
        Assert.All(data.Values, value => Assert.All(value!, one => Assert.Equal(0, one)));
    }

    private static WebhookCertPlan Plan(string type) => new()
    {
        Facts = MetalLBSample.Facts(),
        SecretName = "a",
        Options = new(),
        Type = type,
        Present = MetalLBSample.Secret([]) with { Version = "7" },
    };
}
