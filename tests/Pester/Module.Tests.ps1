# What can be had without a cluster: import, commands, help, completion, bad input.
BeforeDiscovery {
    $module = Join-Path $PSScriptRoot '../../out/HomelabOps/HomelabOps.psd1'
    Import-Module $module -Force
    $commands = (Get-Command -Module HomelabOps).Name | ForEach-Object { @{ Name = $_ } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../out/HomelabOps/HomelabOps.psd1') -Force
}

Describe 'The module' {
    It 'imports without a word' {
        $module = (Resolve-Path (Join-Path $PSScriptRoot '../../out/HomelabOps/HomelabOps.psd1')).Path
        $said = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$module'; (Get-Module HomelabOps).Version.ToString()" 2>&1
        @($said).Count | Should -Be 1
        $said | Should -Match '^\d+\.\d+\.\d+$'
    }

    It 'has a valid manifest' {
        (Test-ModuleManifest (Join-Path $PSScriptRoot '../../out/HomelabOps/HomelabOps.psd1')).Name | Should -Be 'HomelabOps'
    }

    It 'gives cmdlets only' {
        Get-Command -Module HomelabOps | Select-Object -ExpandProperty CommandType -Unique | Should -Be 'Cmdlet'
        (Get-Command -Module HomelabOps).Name | Should -Contain 'Get-FluxStatus'
    }

    It 'uses approved verbs' {
        Get-Command -Module HomelabOps | Where-Object Verb -NotIn (Get-Verb).Verb | Should -BeNullOrEmpty
    }

    It 'shows an about page' {
        Get-Help about_HomelabOps | Out-String | Should -Match 'HomelabOps'
    }
}

Describe 'The help of <Name>' -ForEach $commands {
    BeforeAll { $help = Get-Help $Name -Full }

    It 'has a synopsis that is not the syntax' {
        $help.Synopsis.Trim() | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match '\[<CommonParameters>\]'
    }

    It 'has two examples with code' {
        $examples = @($help.examples.example)
        if ($Name -in 'Disconnect-Homelab', 'Get-HomelabConnection') { $least = 1 } else { $least = 2 }
        $examples.Count | Should -BeGreaterOrEqual $least
        $examples.code | ForEach-Object { $_.Trim() | Should -Not -BeNullOrEmpty }
    }

    It 'describes each parameter' {
        $help.parameters.parameter | Where-Object { -not $_.description.Text } | ForEach-Object name | Should -BeNullOrEmpty
    }
}

Describe 'Without a cluster' {
    BeforeAll {
        $missing = Join-Path $TestDrive 'no-such-file'
        Set-Content (Join-Path $TestDrive 'config') @'
apiVersion: v1
kind: Config
current-context: home
contexts:
- { name: home, context: { cluster: c, user: u } }
- { name: cabin, context: { cluster: c, user: u } }
clusters:
- { name: c, cluster: { server: "https://127.0.0.1:1" } }
users:
- { name: u, user: {} }
'@
        $config = Join-Path $TestDrive 'config'
    }

    It 'gives errors with a stable id and a true category' {
        $failure = try { Get-HomelabPod -KubeConfig $missing } catch { $_ }
        $failure.FullyQualifiedErrorId | Should -BeLike 'KubeConfigNotFound,*'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'can be caught' {
        { Connect-Homelab $config } | Should -Throw -ErrorId 'ClusterUnreachable,*'
    }

    It 'completes contexts' {
        $line = "Get-HomelabPod -KubeConfig '$config' -Context c"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'cabin'
    }

    It 'completes cmdlets and parameters' {
        (TabExpansion2 'Get-FluxS' 9).CompletionMatches.CompletionText | Should -Be @('Get-FluxSource', 'Get-FluxStatus')
        (TabExpansion2 'Get-HomelabPod -Unh' 19).CompletionMatches.CompletionText | Should -Be '-Unhealthy'
    }

    It 'takes defaults from $PSDefaultParameterValues' {
        $PSDefaultParameterValues = @{ 'Get-Homelab*:KubeConfig' = $missing }
        { Get-HomelabNode -ErrorAction Stop } | Should -Throw -ErrorId 'KubeConfigNotFound,*'
    }
}
