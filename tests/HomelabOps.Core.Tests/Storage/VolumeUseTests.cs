using HomelabOps.Core.Reporting;
using HomelabOps.Core.Tests.Reporting;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Core.Tests.Storage;

/// <summary>What is used of a volume, where the kubelet measures the whole disk that it lies on.</summary>
public sealed class VolumeUseTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(5 * GiB, 60 * GiB, 60 * GiB)]
    [InlineData(100 * GiB, 60 * GiB, 60 * GiB)]
    [InlineData(10 * GiB, (10 * GiB) - (400L << 20), null)]
    [InlineData(10 * GiB, null, null)]
    [InlineData(null, 60 * GiB, null)]
    public void A_filesystem_of_another_size_is_a_shared_one(long? capacity, long? size, long? expected) => Assert.Equal(expected, VolumeReader.SharedSize(capacity, size));

    [Fact]
    public void The_share_is_that_of_the_filesystem_and_the_page_says_so()
    {
        var volume = new HomelabVolume { Cluster = "homelab", Namespace = "media", Claim = "pvc-web", Phase = "Bound", Healthy = true, Capacity = 5 * GiB, Used = 45 * GiB, FileSystemSize = 60 * GiB };
        Assert.Equal(75, volume.UsedPercent);
        Assert.Equal(20, (volume with { Used = GiB, FileSystemSize = null }).UsedPercent);
        Assert.Null((volume with { Used = null }).UsedPercent);
        Assert.Equal(("75% disk", "1 GiB", ""), (Display.Use(volume), Display.Use(volume with { Used = GiB, FileSystemSize = null }), Display.Use(volume with { Used = null })));
        var report = ReportExample.Of(1) with { Volumes = [volume] };
        Assert.Contains("5 GiB on a filesystem of 60 GiB, 45 GiB used", ReportPlan.Render(report, ReportFormat.Html), StringComparison.Ordinal);
        Assert.Contains("\"fileSystemBytes\": 64424509440", ReportPlan.Render(report, ReportFormat.Json), StringComparison.Ordinal);
        Assert.Contains("homelab_volume_filesystem_bytes{", ReportPlan.Render(report, ReportFormat.Prometheus), StringComparison.Ordinal);
    }
}
