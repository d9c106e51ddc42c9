using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Tests.Ssh;

public sealed class SshTargetTests
{
    [Theory]
    [InlineData("pve", null, "pve", 22, "pve")]
    [InlineData("root@pve.home.example:2222", "root", "pve.home.example", 2222, "[pve.home.example]:2222")]
    [InlineData("root@192.168.1.5", "root", "192.168.1.5", 22, "192.168.1.5")]
    [InlineData("fd00::5", null, "fd00::5", 22, "fd00::5")]
    [InlineData("admin@[fd00::5]:2222", "admin", "fd00::5", 2222, "[fd00::5]:2222")]
    [InlineData("root@[fd00::5]", "root", "fd00::5", 22, "fd00::5")]
    public void A_host_is_read_as_ssh_reads_it(string text, string? user, string host, int port, string name)
    {
        var target = SshTarget.Parse(text);
        Assert.Equal((user, host, port, name), (target.User, target.Host, target.Port, target.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("root@")]
    [InlineData("@pve")]
    [InlineData("pve:ssh")]
    [InlineData("pve:0")]
    [InlineData("pve:70000")]
    [InlineData("-oProxyCommand=x")]
    [InlineData("pve; reboot")]
    public void What_is_no_host_is_refused(string text) => Assert.Equal("SshTargetInvalid", Assert.Throws<HomelabException>(() => SshTarget.Parse(text)).Id);
}
