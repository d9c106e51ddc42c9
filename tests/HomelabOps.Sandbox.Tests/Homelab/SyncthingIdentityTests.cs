using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Homelab;

public sealed class SyncthingIdentityTests
{
    [Fact]
    public void An_identity_is_valid_and_always_the_same()
    {
        var id = SyncthingIdentity.Of(1, "media", "sonarr-primary");
        Assert.Matches("^([A-Z2-7]{7}-){7}[A-Z2-7]{7}$", id);
        Assert.True(SyncthingIdentity.IsValid(id));
        Assert.Equal(id, SyncthingIdentity.Of(1, "media", "sonarr-primary"));
        Assert.Equal(4, new[] { id, SyncthingIdentity.Of(2, "media", "sonarr-primary"), SyncthingIdentity.Of(1, "media", "sonarr-backup"), SyncthingIdentity.Of(1, "tv", "sonarr-primary") }.Distinct().Count());
    }

    // Made by Syncthing 1.19.
    [Theory]
    [InlineData("YTQFNYQ-4DMRS6R-75XYSZH-VNMUWE5-672RMKW-MADCZRM-NLIGUZ6-XFJYOQ2", true)]
    [InlineData("FHB7NJC-43MUXZE-Q3VWK4T-RDLS5LN-ZSOS4GL-V5SJTC5-3R2HRFW-BK5YUQR", true)]
    [InlineData("YTQFNYQ-4DMRS6R-75XYSZH-VNMUWE5-672RMKW-MADCZRM-NLIGUZ6-XFJYOQ3", false)]
    [InlineData("TYQFNYQ-4DMRS6R-75XYSZH-VNMUWE5-672RMKW-MADCZRM-NLIGUZ6-XFJYOQ2", false)]
    [InlineData("YTQFNYQ-4DMRS6R", false)]
    [InlineData("", false)]
    public void Its_checks_are_those_of_the_program(string id, bool isValid) => Assert.Equal(isValid, SyncthingIdentity.IsValid(id));
}
