plugins {
    id("com.android.application") version "8.7.0"
}

android {
    namespace = "org.example.chat"
    compileSdk = 35

    defaultConfig {
        applicationId = "org.example.chat"
        minSdk = 24
        targetSdk = 35
        versionCode = 1
        versionName = "1"
    }

    buildTypes {
        release {
            // The consumer rules of the archive are all that R8 needs to know of Pawl.
            isMinifyEnabled = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }
}

dependencies {
    implementation(group = "", name = "pawl-android-0.1.0", ext = "aar")
}
