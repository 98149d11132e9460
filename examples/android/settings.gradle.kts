pluginManagement {
    repositories {
        google()
        mavenCentral()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
        flatDir { dirs("../../build/dist") } // pawl-android-<version>.aar, from ./dev aar
    }
}

rootProject.name = "chat"
include(":app")
