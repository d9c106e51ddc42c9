using System.Net;
using HomelabOps.Sandbox.Controllers.MetalLB;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("192.168.1.240-192.168.1.250", "192.168.1.240", 11)]
    [InlineData("192.168.1.240 - 192.168.1.240", "192.168.1.240", 1)]
    [InlineData("10.0.0.0/30", "10.0.0.0", 4)]
    [InlineData("fd00::1-fd00::3", "fd00::1", 3)]
    [InlineData("fd00::/126", "fd00::", 4)]
    public void It_reads_ranges_and_networks(string text, string first, int count)
    {
        var range = AddressRange.Parse(text);
        Assert.NotNull(range);
        Assert.Equal(count, range.Addresses().Count());
        Assert.Equal(IPAddress.Parse(first), range.Addresses().First());
        Assert.All(range.Addresses(), address => Assert.True(range.Holds(address)));
        Assert.False(range.Holds(IPAddress.Parse("172.16.0.1")));
    }

    [Theory]
    [InlineData("192.168.1.250-192.168.1.240")]
    [InlineData("192.168.1.1-fd00::1")]
    [InlineData("192.168.1.1")]
    [InlineData("x/24")]
    [InlineData("")]
    public void What_is_none_is_none(string text) => Assert.Null(AddressRange.Parse(text));
}
