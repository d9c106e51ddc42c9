using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>The lab's real API server.</summary>
public sealed class LabUnderTest : ServerUnderTest
{
    // The server compacts its store every five minutes, up to the revision of five minutes before.
    private static readonly TimeSpan CompactionLimit = TimeSpan.FromMinutes(12);

    /// <inheritdoc/>
    protected override string Root { get; } = "";

    /// <inheritdoc/>
    protected override HttpClient Connect() => LabApi.NewClient();

    /// <inheritdoc/>
    internal override void ForgetRevisions(string path)
    {
        // Revision 1 is forgotten as soon as the lab is up; only another cluster that has just been started must be waited for.
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = 1, ["start"] = "a\0" }.ToJsonString())).TrimEnd('=');
        var end = DateTime.UtcNow + CompactionLimit;
        while (Call(new(HttpMethod.Get, $"{path}?limit=1&continue={Uri.EscapeDataString(token)}")).Status != 410)
        {
            Assert.True(DateTime.UtcNow < end, string.Create(CultureInfo.InvariantCulture, $"The lab's store was not compacted within {CompactionLimit.TotalMinutes} minutes."));
            Thread.Sleep(TimeSpan.FromSeconds(5));
        }
    }
}
